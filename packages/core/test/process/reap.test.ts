import { expect, test } from 'vitest';
import { findListener } from '../../src/process/listeners.ts';
import { readProcess } from '../../src/process/procfs.ts';
import { isAlive } from '../support/alive.ts';
import { fixture, freePort, listen, pidAfter, start } from './harness.ts';

const term = (graceMs: number): { signal: NodeJS.Signals; graceMs: number } => ({ signal: 'SIGTERM', graceMs });

test('one that obeys is signalled, not killed', async () => {
  const { child, exited } = start('sleep', ['60']);
  const report = await child.reap(term(30_000));
  expect(report).toMatchObject({ signalled: [child.pid], killed: [], escaped: [], portsFreed: [] });
  expect(await exited).toEqual({ code: null, signal: 'SIGTERM', leftovers: [] });
  expect(child.alive).toBe(false);
});

test('the exit is told before the reaping ends', async () => {
  const order: string[] = [];
  const { child, exited } = start('sleep', ['60']);
  const told = exited.then(() => order.push('exited'));
  await child.reap(term(30_000)).then(() => order.push('reaped'));
  await told;
  expect(order).toEqual(['exited', 'reaped']);
});

test('one that ignores the signal is killed when the grace is over, not before', async () => {
  const started = start(fixture('ignore-sigterm.sh'));
  await started.saw(/ready/);
  const report = await started.child.reap(term(300));
  expect(report.signalled).toContain(started.child.pid);
  expect(report.killed).toContain(started.child.pid);
  expect(report.escaped).toEqual([]);
  expect(report.tookMs).toBeGreaterThanOrEqual(300);
  expect((await started.exited).signal).toBe('SIGKILL');
});

test('without grace nothing is asked', async () => {
  const { child, exited } = start('sleep', ['60']);
  expect(await child.reap(term(0))).toMatchObject({ signalled: [], killed: [child.pid] });
  expect((await exited).signal).toBe('SIGKILL');
});

test('kill() cuts the grace short', async () => {
  const started = start(fixture('ignore-sigterm.sh'));
  await started.saw(/ready/);
  const reaping = started.child.reap(term(2 ** 40));
  started.child.kill();
  expect((await reaping).killed).toContain(started.child.pid);
});

test('concurrent calls share one reaping', async () => {
  const { child } = start('sleep', ['60']);
  const [one, other] = await Promise.all([child.reap(term(30_000)), child.reap(term(0))]);
  expect(other).toBe(one);
  expect(one.killed).toEqual([]);
});

test('a member of the group that outlives the leader is killed', async () => {
  const started = start(fixture('leave-child.sh'));
  const pid = await pidAfter(started, 'child');
  const report = await started.child.reap(term(300));
  expect(report.signalled).toEqual(expect.arrayContaining([started.child.pid, pid]));
  expect(report.killed).toContain(pid);
  expect(report.killed).not.toContain(started.child.pid);
  expect(isAlive(pid)).toBe(false);
});

test('a private group in the same session is signalled', async () => {
  const started = start(fixture('private-group.sh'));
  const pid = await pidAfter(started, 'child');
  expect((await started.child.reap(term(30_000))).signalled).toContain(pid);
  expect(isAlive(pid)).toBe(false);
});

test('a daemon that left the session is found by its stamp, even when the leader is gone', async () => {
  const started = start('node', [fixture('fork-and-leave.mjs')]);
  const pid = await pidAfter(started, 'child');
  expect(await started.exited).toEqual({ code: 0, signal: null, leftovers: [pid] });
  expect(isAlive(pid)).toBe(true);
  expect(await started.child.reap(term(30_000))).toMatchObject({ signalled: [pid], killed: [] });
  expect(isAlive(pid)).toBe(false);
});

test('a descendant with a session and an environment of its own is signalled after the others have ended', async () => {
  const started = start('node', [fixture('fork-and-leave.mjs'), 'bare', 'stay']);
  const pid = await pidAfter(started, 'child');
  const report = await started.child.reap(term(30_000));
  expect(report).toMatchObject({ signalled: [started.child.pid, pid], killed: [] });
  expect(isAlive(pid)).toBe(false);
});

test.each([[], ['stray']])('one that works on after its first thread has ended is no dead one (%s)', async (...how) => {
  const started = start('python3', [fixture('half-dead.py'), ...how]);
  const pid = await pidAfter(started, 'pid');
  const [, port] = await started.saw(/listens (\d+)/);
  await expect.poll(() => readProcess(pid)?.state).toBe('Z');
  expect(await findListener(Number(port))).toMatchObject([{ pid }]);
  const report = await started.child.reap({ ...term(100), otherPort: Number(port) });
  expect(report).toMatchObject({ killed: [pid], escaped: [], portsFreed: [Number(port)] });
});

test('another incarnation is left alone', async () => {
  const one = start('sleep', ['60']);
  const other = start('sleep', ['60']);
  await one.child.reap(term(0));
  expect(isAlive(other.child.pid)).toBe(true);
});

test('a stopped process goes on, so that it can act on the signal', async () => {
  const started = start('sh', ['-c', 'trap "echo bye; exit 4" TERM; kill -STOP $$; while :; do sleep 0.02; done']);
  await expect.poll(() => readProcess(started.child.pid)?.state).toBe('T');
  const report = await started.child.reap(term(30_000));
  expect(report.killed).toEqual([]);
  expect((await started.exited).code).toBe(4);
  expect(started.output()).toContain('bye');
});

test('one that has exited and left nothing is reaped at once, any number of times', async () => {
  const { child, exited } = start('true');
  expect(await exited).toEqual({ code: 0, signal: null, leftovers: [] });
  for (let i = 0; i < 2; i += 1) {
    expect(await child.reap(term(30_000))).toMatchObject({ signalled: [], killed: [], escaped: [], portsFreed: [] });
  }
});

test('the port can be bound when the reaping ends', async () => {
  const port = await freePort();
  const started = start('node', [fixture('serve.mjs'), '127.0.0.1', 'child'], { port, env: { PORT: String(port) } });
  await started.saw(/listening/);
  expect((await started.child.reap(term(30_000))).portsFreed).toEqual([port]);
  await listen({ port, host: '127.0.0.1' });
});

test('a port that somebody else holds is not called free, and not waited for', async () => {
  const port = await freePort();
  await listen({ port, host: '127.0.0.1' });
  const { child } = start('sleep', ['60'], { port });
  const report = await child.reap(term(30_000));
  expect(report).toMatchObject({ escaped: [], portsFreed: [] });
  expect(report.tookMs).toBeLessThan(5000);
});
