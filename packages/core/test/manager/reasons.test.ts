import { createServer } from 'node:net';
import type { ExplainResult, Manager, Plugin } from '@promptbin/core';
import { expect, onTestFinished, test } from 'vitest';
import { plugin } from '../support/plugins.ts';
import { testManager } from '../support/project.ts';

const shell = (script: string): [string, ...string[]] => ['sh', '-c', script];
const sleeping = { command: 'sleep 60' } as const;

async function explain(manager: Manager, name: string): Promise<ExplainResult> {
  const answer = await manager.call('process.explain', { name }, { caller: 'test' });
  expect(answer).toMatchObject({ ok: true });
  return (answer as { value: ExplainResult }).value;
}

const textsOf = ({ because }: ExplainResult): readonly string[] => because.map(({ text }) => text);

/** Tries again so often, at once. */
function tries(count: number): Plugin<string> {
  return plugin('tries', (ctx) => {
    let left = count;
    ctx.hooks.decide.tap('tries', (_process, { cause }) => {
      left -= 1;
      return left >= 0 ? { action: 'retry', delayMs: 1 } : { action: 'giveUp', cause };
    });
  });
}

test('reasons lead through what is waited for to the line that tells, each with its place', async () => {
  const { manager } = await testManager({
    plugins: [tries(2)],
    processes: {
      db: { command: shell('echo starting; echo "no disk" >&2; exit 4'), ready: { log: 'never' } },
      web: { ...sleeping, dependsOn: ['db'] },
      worker: { ...sleeping, dependsOn: ['web'] },
    },
  });
  await manager.start();
  await manager.process('worker').until(({ cause }) => cause?.code === 'dependencyDown');
  const explained = await explain(manager, 'worker');
  expect(textsOf(explained)).toEqual([
    'worker waits for web',
    'web waits for db',
    'db has failed: exited with code 4 before it was ready',
    expect.stringMatching(/^3 exits in .* s, all for one reason: exited with code 4 before it was ready$/),
    'it wrote: "no disk"',
  ]);
  const [, , failed, exits, wrote] = explained.because;
  expect([failed?.seq, exits?.seq]).toEqual([expect.any(Number), expect.any(Number)]);
  // Two lines of each of three runs.
  expect(wrote?.line).toBe(6);
});

test('a run that was ended by its deadline is explained by what was missing', async () => {
  const { manager } = await testManager({
    processes: { web: { ...sleeping, port: 'auto', ready: { timeout: '300ms', port: true } } },
  });
  await manager.start();
  const { port } = await manager.process('web').until('failed');
  const { because } = await explain(manager, 'web');
  expect(because.map(({ text }) => text)).toEqual([
    expect.stringMatching(new RegExp(`^web has failed: not ready after 0.3 s: .*listens on port ${port}$`)),
  ]);
});

test('what has no port points to who has it', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  const { manager } = await testManager({
    processes: { web: { ...sleeping, port: { preferred: port, strict: true } } },
  });
  await manager.start();
  await manager.process('web').until('failed');
  const holder = `port ${port} is held by pid ${process.pid} (`;
  const { because, next, changed } = await explain(manager, 'web');
  expect(because).toEqual([{ text: expect.stringContaining(holder), seq: expect.any(Number), at: expect.any(String) }]);
  expect(next.at(-1)).toEqual({ command: 'process.start', input: { name: 'web' } });
  // It was never ready.
  expect(changed).toBeUndefined();
});

test('what runs again tells who or what wanted it so', async () => {
  const { manager } = await testManager({ processes: { web: sleeping } });
  await manager.process('web').start();
  expect(textsOf(await explain(manager, 'web'))).toHaveLength(1);
  await manager.call('process.restart', { name: 'web' }, { caller: 'mcp:an-agent' });
  expect(textsOf(await explain(manager, 'web'))).toEqual([
    expect.stringMatching(/^web is ready/),
    'it was started again: restart requested by mcp:an-agent',
  ]);
});

test('a start tells how long it waited and took, beside the starts before, and what has changed since it was ready', async () => {
  const db = { command: shell('sleep 0.3; echo up; exec sleep 60'), ready: { log: 'up' } } as const;
  const quick = { command: shell('echo up; exec sleep 60'), ready: { log: 'up' }, dependsOn: ['db'] } as const;
  const { manager } = await testManager({ processes: { db, web: quick } });
  await manager.start();
  const first = await manager.process('web').until('running');
  expect((await explain(manager, 'web')).start).toEqual({
    waitedMs: expect.any(Number),
    waitedFor: expect.arrayContaining(['db: not ready (starting)']),
    readyMs: expect.any(Number),
  });
  expect((await explain(manager, 'web')).start?.waitedMs).toBeGreaterThanOrEqual(250);
  await manager.process('web').restart();
  await manager.process('web').restart();
  await manager.reload({ processes: { db, web: { ...quick, command: 'sleep 60', env: { LEVEL: '2' } } } });
  await manager
    .process('web')
    .until(({ phase, generation }) => phase === 'starting' && generation > first.generation + 2);
  const { start, changed, verdict } = await explain(manager, 'web');
  expect(verdict).toBe('starting');
  expect(start).toEqual({ waitedMs: expect.any(Number), readyMs: expect.any(Number), usualMs: expect.any(Number) });
  expect(changed?.what.map(({ text }) => text)).toEqual([expect.stringMatching(/^the config changed: .*env\.LEVEL/)]);
});
