import { readdirSync } from 'node:fs';
import type { ChildTerminal, ManagedProcess } from '@promptbin/core';
import { expect, test } from 'vitest';
import { isAlive, pidsWithEnvironment } from '../support/alive.ts';
import { fixture } from '../support/files.ts';
import { testManager } from '../support/project.ts';

const caller = { caller: 'test' };
const terminal = { command: [process.execPath, fixture('terminal.mjs')] as [string, string], tty: true } as const;
const textsOf = (one: ManagedProcess): readonly string[] => one.logs().lines.map(({ text }) => text);

async function started(extra: object = {}) {
  const { manager, root, events } = await testManager({
    processes: { web: { ...terminal, ready: { log: 'true' }, ...extra } },
  });
  const web = manager.process('web');
  const { pid = 0 } = await web.start();
  const says = async (line: string): Promise<void> => {
    await expect.poll(() => textsOf(web)).toContain(line);
  };
  return { manager, root, events, web, pid, says };
}

const type = (on: ChildTerminal, text: string): void => on.write(Buffer.from(text));

test('it runs in a terminal of its own, of which it is the leader', async () => {
  const { manager, web, pid, says } = await started();
  expect(textsOf(web)).toEqual(['true 80x24 xterm-256color']);
  web.terminal().resize({ columns: 100, rows: 30 });
  await says('true 100x30 xterm-256color');
  await manager.call('process.send', { name: 'web', text: 'hello' }, caller);
  await says('heard hello');
  type(web.terminal(), '\u0003');
  await says('^Cinterrupted');
  expect(web.view).toMatchObject({ phase: 'running', pid });
});

test('whoever looks gets what was shown lately, then all that is shown, until it ends', async () => {
  const { web } = await started();
  const own = web.terminal();
  let shown = '';
  const view = own.view((chunk) => {
    shown += Buffer.from(chunk).toString();
  });
  expect(shown).toBe('true 80x24 xterm-256color\r\n');
  type(own, 'one\r');
  await expect.poll(() => shown).toContain('heard one');
  view[Symbol.dispose]();
  let other = '';
  own.view((chunk) => {
    other += Buffer.from(chunk).toString();
  });
  expect(other).toBe(shown);
  type(own, 'exit\r');
  await own.ended;
  expect(other).toContain('exit');
  expect(shown).not.toContain('exit');
  // Late, and of no effect.
  type(own, 'more\r');
  own.resize({ columns: 10, rows: 10 });
  await web.until('failed');
  expect(() => web.terminal()).toThrow(expect.objectContaining({ code: 'PB_TTY_NONE' }));
});

test('its exit is told with code and signal, and its last words before', async () => {
  const { web, pid, events } = await started();
  type(web.terminal(), 'exit\r');
  await web.until('failed');
  await web.start();
  process.kill(web.view.pid ?? 0, 'SIGKILL');
  await web.until('failed');
  const exits = events.flatMap(({ type, data }) => (type === 'process.exited' ? [data.exit] : []));
  expect(exits).toMatchObject([
    { code: 5, signal: null },
    { code: null, signal: 'SIGKILL' },
  ]);
  expect(isAlive(pid)).toBe(false);
});

test('a stop ends it with all that it has started in the terminal and beside it', async () => {
  const script = 'sleep 301 & setsid sleep 302 & trap "" HUP; echo true; while :; do sleep 1; done';
  const { web, root } = await started({ command: ['sh', '-c', script] });
  await expect.poll(() => pidsWithEnvironment(`PROMPTBIN_PROJECT=${root}`).length).toBeGreaterThan(2);
  const receipt = await web.stop();
  expect(receipt.escaped).toEqual([]);
  expect(pidsWithEnvironment(`PROMPTBIN_PROJECT=${root}`)).toEqual([]);
});

test('it has no descriptor but the terminal', async () => {
  const { manager } = await testManager({
    processes: { web: { command: 'sleep 60', tty: true }, piped: { command: 'sleep 60' } },
  });
  await manager.start();
  const linksOf = async (name: string): Promise<readonly string[]> => {
    const { pid } = await manager.process(name).until('ready');
    return readdirSync(`/proc/${pid}/fd`);
  };
  // What a shell has left open for all of us apart.
  await expect.poll(() => linksOf('web')).toEqual(await linksOf('piped'));
});

test('many runs cost no descriptors', async () => {
  const { web } = await started();
  await web.restart();
  const before = readdirSync('/proc/self/fd').length;
  for (let run = 0; run < 10; run += 1) await web.restart();
  await expect.poll(() => readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(before);
});

test('what cannot be run fails as it does without a terminal', async () => {
  const { manager } = await testManager({
    processes: {
      lost: { command: 'no-such-command', tty: true },
      away: { command: 'true', tty: true, cwd: 'nowhere' },
    },
  });
  for (const name of ['lost', 'away']) {
    const fault = await manager
      .process(name)
      .start()
      .catch((cause: unknown) => cause);
    expect(fault).toMatchObject({ details: { cause: { code: name === 'lost' ? 'commandNotFound' : 'missingFile' } } });
  }
});

test('what runs in no terminal cannot be attached to', async () => {
  const { manager } = await testManager({ processes: { web: { command: 'sleep 60' } } });
  await manager.process('web').start();
  expect(() => manager.process('web').terminal()).toThrow('"web" does not run in a terminal.');
});
