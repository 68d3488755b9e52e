import { expect, test } from 'vitest';
import { testManager } from '../support/project.ts';

const caller = { caller: 'test' };
/** Writes a line for each SIGUSR2. */
const echo: [string, ...string[]] = [
  process.execPath,
  '-e',
  'process.on("SIGUSR2", () => console.log("again")); setInterval(() => {}, 1000); console.log("up")',
];

async function echoManager() {
  const { manager } = await testManager({
    processes: { one: { command: echo, ready: { log: 'up' } }, two: { command: 'sleep 60' } },
  });
  const one = await manager.process('one').start();
  return { manager, poke: () => process.kill(one.pid ?? 0, 'SIGUSR2') };
}

test('output answers at once what is not known yet, and waits for more of what is', async () => {
  const { manager, poke } = await echoManager();
  const first = await manager.call('process.output', {}, caller);
  expect(first).toEqual({
    ok: true,
    value: { summary: '2 processes have written more', changed: ['one', 'two'], cursors: { one: 1, two: 0 } },
  });
  const second = manager.call('process.output', { known: { one: 1, two: 0 }, waitSec: 60 }, caller);
  poke();
  expect(await second).toEqual({
    ok: true,
    value: { summary: '1 process has written more', changed: ['one'], cursors: { one: 2, two: 0 } },
  });
});

test('output waits no longer than it was told, and can be taken back', async () => {
  const { manager } = await echoManager();
  const known = { one: 1, two: 0 };
  expect(await manager.call('process.output', { known, waitSec: 0.1 }, caller)).toMatchObject({
    ok: true,
    value: { changed: [], cursors: known },
  });
  const stop = new AbortController();
  const waiting = manager.call('process.output', { known, waitSec: 60 }, { ...caller, signal: stop.signal });
  stop.abort();
  expect(await waiting).toMatchObject({ ok: false });
});
