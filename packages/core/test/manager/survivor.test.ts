import { expect, test } from 'vitest';
import { retries } from '../support/plugins.ts';
import { phasesOf, testManager } from '../support/project.ts';
import { type ScriptedChild, scriptedRunner } from '../support/scripted-runner.ts';

// What survives SIGKILL hangs in the kernel or belongs to another user: no real process does that on demand.

const survivor = 4711;

async function stuck() {
  const { runner, children } = scriptedRunner();
  const testing = await testManager({ plugins: [retries(60_000)], processes: { web: { command: 'web' } } }, { runner });
  const web = testing.manager.process('web');
  await web.start();
  const child = children[0] as ScriptedChild;
  const stopping = web.stop().catch((fault) => fault);
  child.report({ escaped: [survivor] });
  return { ...testing, web, children, child, fault: await stopping };
}

/** Lets what has been resolved come back as messages. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('what survives SIGKILL fails the stop by name, with the receipt, and is no stopped process', async () => {
  const { web, fault, child } = await stuck();
  expect(fault).toMatchObject({
    code: 'PB_STOP_UNKILLABLE',
    message: `"web" is still alive: pid ${survivor}.`,
    details: { phase: 'failed', receipt: { escaped: [survivor] }, summary: expect.stringContaining(String(survivor)) },
  });
  expect(web.view).toMatchObject({ phase: 'failed', cause: { code: 'unkillable' } });
  child.exit(null, 'SIGKILL');
  await turn();
});

test('asking twice does not make it stopped; its end does', async () => {
  const { web, child } = await stuck();
  const again = web.stop().catch((fault) => fault.code);
  child.report({ escaped: [survivor] });
  expect(await again).toBe('PB_STOP_UNKILLABLE');
  expect(web.view.phase).toBe('failed');
  const third = web.stop();
  child.exit(null, 'SIGKILL');
  child.report();
  expect(await third).toMatchObject({ escaped: [] });
  expect(web.view.phase).toBe('stopped');
});

test('no new run starts beside it; once it is gone, one does', async () => {
  const { web, children, child } = await stuck();
  const first = web.start().catch((fault) => fault.details.cause.code);
  expect(web.view).toMatchObject({ phase: 'waiting', waitingFor: ['what is left of the last run to end'] });
  child.report({ escaped: [survivor] });
  expect(await first).toBe('unkillable');
  expect(children).toHaveLength(1);
  const second = web.start();
  child.exit(null, 'SIGKILL');
  child.report();
  expect(await second).toMatchObject({ ready: true, generation: 2 });
  expect(children).toHaveLength(2);
  const closed = web.stop();
  children[1]?.exit(0);
  children[1]?.report();
  await closed;
});

test('when it ends at last, that is stated, and nobody retries what was to be stopped', async () => {
  const { web, child, events } = await stuck();
  child.exit(null, 'SIGKILL');
  await turn();
  expect(web.view).toMatchObject({ phase: 'failed', desired: 'down', lastExit: { signal: 'SIGKILL' } });
  expect(web.view.pid).toBeUndefined();
  expect(phasesOf(events, 'web').slice(-2)).toEqual(['stopping', 'failed']);
  expect(events.filter(({ type }) => type === 'manager.defect' || type === 'process.retry')).toEqual([]);
});

test('close tells of it, even when it is a descendant that outlived its leader', async () => {
  const { runner, children } = scriptedRunner();
  const { manager } = await testManager({ processes: { web: { command: 'web' } } }, { runner });
  await manager.process('web').start();
  const child = children[0] as ScriptedChild;
  const closed = manager.close();
  await manager.process('web').until('stopping');
  child.exit(0);
  child.report({ escaped: [survivor] });
  expect(await closed).toMatchObject({
    unstopped: [{ name: 'web', pid: survivor }],
    receipts: [{ name: 'web', escaped: [survivor] }],
  });
});

test('leftovers of a leader that exited are ended before it is decided about', async () => {
  const { runner, children } = scriptedRunner();
  const { manager, events } = await testManager(
    { plugins: [retries(0)], processes: { web: { command: 'web' } } },
    { runner },
  );
  const web = manager.process('web');
  await web.start();
  const child = children[0] as ScriptedChild;
  child.exit(1, null, [survivor]);
  await turn();
  expect(web.view.phase).toBe('stopping');
  expect(children).toHaveLength(1);
  child.report({ signalled: [survivor] });
  await web.until(({ generation, ready }) => ready && generation === 2);
  expect(phasesOf(events, 'web').slice(2)).toEqual([
    'running',
    'stopping',
    'backoff',
    'waiting',
    'starting',
    'running',
  ]);
  children[1]?.exit(0, null);
  await web.until('completed');
});

test('a late exit and a late report end a stop only together', async () => {
  const { runner, children } = scriptedRunner();
  const { manager } = await testManager({ processes: { web: { command: 'web' } } }, { runner });
  const web = manager.process('web');
  await web.start();
  const child = children[0] as ScriptedChild;
  const stopped = web.stop();
  child.report();
  await turn();
  expect(web.view.phase).toBe('stopping');
  child.exit(0);
  await stopped;
  expect(web.view.phase).toBe('stopped');
  expect(child.reaps).toBe(1);
});
