import { readdirSync, readFileSync } from 'node:fs';
import { describeEvent, type Phase, type ProcessBase } from '@promptbin/core';
import { describe, expect, test } from 'vitest';
import { isAlive } from '../support/alive.ts';
import { fixture, linesOf, touch } from '../support/files.ts';
import { canBind } from '../support/network.ts';
import { retries } from '../support/plugins.ts';
import { lineWith, type nextEvent, phasesOf, testManager } from '../support/project.ts';

type Command = [string, ...string[]];
const shell = (script: string): Command => ['sh', '-c', script];
const fork = (how = ''): Command => [process.execPath, fixture('serve.mjs'), '127.0.0.1', how];

/** The pid that a fixture prints after `word`. */
const pidAfter = async (manager: Parameters<typeof nextEvent>[0], word: string): Promise<number> =>
  Number(/\d+$/.exec(await lineWith(manager.process('web'), word))?.[0]);

describe('when stop returns, everything is dead:', () => {
  test('one that ignores SIGTERM is killed after the grace, and the receipt says so', async () => {
    const { manager, events } = await testManager({
      processes: { web: { command: fixture('ignore-sigterm.sh'), ready: { log: 'ready' }, stop: { grace: 300 } } },
    });
    const web = manager.process('web');
    const { pid } = await web.start();
    const receipt = await web.stop();
    expect(isAlive(pid as number)).toBe(false);
    expect(receipt).toMatchObject({ name: 'web', escaped: [] });
    expect(receipt.signalled).toContain(pid);
    expect(receipt.killed).toContain(pid);
    expect(receipt.tookMs).toBeGreaterThanOrEqual(300);
    const stopped = events.find(({ type }) => type === 'process.stopped');
    expect(stopped && describeEvent(stopped)).toMatchObject({
      level: 'warn',
      text: expect.stringContaining(`killed pid ${receipt.killed.join(', ')} after the grace`),
    });
    expect(web.view.lastExit).toMatchObject({ code: null, signal: 'SIGKILL' });
  });

  test('without a configured grace, too', async () => {
    const { manager } = await testManager({
      processes: { web: { command: fixture('ignore-sigterm.sh'), ready: { log: 'ready' } } },
    });
    const { pid } = await manager.process('web').start();
    const receipt = await manager.process('web').stop();
    expect(isAlive(pid as number)).toBe(false);
    expect(receipt.tookMs).toBeGreaterThanOrEqual(5000);
  });

  test('a child in the group that ignores SIGTERM while the leader obeys', async () => {
    const { manager } = await testManager({
      processes: { web: { command: fixture('leave-child.sh'), ready: { log: 'child' }, stop: { grace: 200 } } },
    });
    await manager.process('web').start();
    const child = await pidAfter(manager, 'child');
    const receipt = await manager.process('web').stop();
    expect(receipt.killed).toContain(child);
    expect(isAlive(child)).toBe(false);
  });

  test.each([
    ['a child in a private group of the same session', [fixture('private-group.sh')]],
    ['a grandchild in a session of its own', [process.execPath, fixture('fork-and-leave.mjs'), 'stay']],
  ])('%s', async (_, command) => {
    const { manager } = await testManager({
      processes: { web: { command: command as Command, ready: { log: 'child' }, stop: { grace: '2s' } } },
    });
    const { pid } = await manager.process('web').start();
    const child = await pidAfter(manager, 'child');
    await manager.process('web').stop();
    expect([pid as number, child].filter(isAlive)).toEqual([]);
  });

  test('a parent whose child serves, as with a reloader; the port can be bound at once, ten restarts long', async () => {
    // Not one that the system hands out to others as soon as it is free.
    const preferred = 21_000 + (process.pid % 9000);
    const { manager, events } = await testManager({ processes: { web: { command: fork('child'), port: preferred } } });
    const web = manager.process('web');
    const { port } = await web.start();
    for (let count = 0; count < 10; count += 1) expect(await web.restart()).toMatchObject({ ready: true, port });
    const listener = await pidAfter(manager, 'listening');
    const leader = web.view.pid as number;
    const receipt = await web.stop();
    expect(receipt.portsFreed).toEqual([port]);
    expect(await canBind(port as number)).toBe(true);
    expect([leader, listener].filter(isAlive)).toEqual([]);
    expect(web.logs().lines.filter(({ text }) => text.includes('EADDRINUSE'))).toEqual([]);
    expect(events.filter(({ type }) => type === 'process.spawned')).toHaveLength(11);
  });

  test('one that is suspended: it goes on to obey and need not be killed', async () => {
    const { manager } = await testManager({
      processes: {
        web: {
          command: shell('trap "echo bye; exit 0" TERM; echo up; while :; do sleep 0.02; done'),
          ready: { log: 'up' },
        },
      },
    });
    const web = manager.process('web');
    const { pid } = await web.start();
    process.kill(pid as number, 'SIGSTOP');
    const receipt = await web.stop();
    expect(receipt.killed).toEqual([]);
    expect(isAlive(pid as number)).toBe(false);
    expect(web.view.lastExit).toMatchObject({ code: 0 });
    expect(web.logs({ stream: 'out' }).lines.at(-1)?.text).toBe('bye');
  });
});

test('a leader that is killed alone takes its surviving child and the port along', async () => {
  const { manager, events } = await testManager({ processes: { web: { command: fork('child'), port: 'auto' } } });
  const web = manager.process('web');
  const { pid, port } = await web.start();
  const listener = await pidAfter(manager, 'listening');
  process.kill(pid as number, 'SIGKILL');
  const view = await web.until('failed');
  expect(isAlive(listener)).toBe(false);
  expect(await canBind(port as number)).toBe(true);
  expect(view.cause).toMatchObject({ code: 'signalled', message: 'killed by SIGKILL, not by promptbin' });
  expect(phasesOf(events, 'web').slice(2)).toEqual(['running', 'stopping', 'failed']);
});

test('a request in flight is answered before the process ends', async () => {
  const { manager } = await testManager({
    processes: { web: { command: [process.execPath, fixture('server.mjs')], port: 'auto' } },
  });
  const web = manager.process('web');
  const { url } = await web.start();
  const answer = fetch(`${url}/slow`).then((response) => response.text());
  await lineWith(web, 'in flight');
  const receipt = await web.stop();
  expect(await answer).toBe('done');
  expect(receipt.killed).toEqual([]);
  expect(web.view.lastExit).toMatchObject({ code: 0, signal: null });
});

test('the configured signal is sent, and a stop can ask for a shorter grace', async () => {
  const { manager } = await testManager({
    processes: {
      web: {
        command: shell('trap "" TERM; trap "echo int; exit 0" INT; echo up; while :; do sleep 0.02; done'),
        ready: { log: 'up' },
        stop: { signal: 'SIGINT', grace: '60s' },
      },
      stubborn: { command: fixture('ignore-sigterm.sh'), ready: { log: 'ready' }, stop: { grace: '60s' } },
    },
  });
  await manager.process('web').start();
  await manager.process('web').stop();
  expect(manager.process('web').logs({ stream: 'out' }).lines.at(-1)?.text).toBe('int');
  const { pid } = await manager.process('stubborn').start();
  const answer = await manager.call('process.stop', { name: 'stubborn', graceSec: 0.2 }, { caller: 'test' });
  expect(answer).toMatchObject({ ok: true, value: { phase: 'stopped', receipt: { escaped: [] } } });
  expect(isAlive(pid as number)).toBe(false);
});

test('stops at once share one ending, and each gets the receipt', async () => {
  const { manager, events } = await testManager({
    processes: { web: { command: fixture('ignore-sigterm.sh'), ready: { log: 'ready' }, stop: { grace: 200 } } },
  });
  const web = manager.process('web');
  const { pid } = await web.start();
  const receipts = await Promise.all([web.stop(), web.stop(), web.stop()]);
  for (const receipt of receipts) expect(receipt.killed).toContain(pid);
  expect(events.filter(({ type }) => type === 'process.stopped')).toHaveLength(1);
});

describe('a stop is accepted in every phase:', () => {
  const sleeping = { command: 'sleep 60' };
  const cases: Record<Exclude<Phase, 'completed'>, Record<string, ProcessBase>> = {
    stopped: { web: sleeping },
    waiting: { db: { ...sleeping, ready: { log: 'never' } }, web: { ...sleeping, dependsOn: ['db'] } },
    starting: { web: { ...sleeping, ready: { log: 'never' } } },
    running: { web: sleeping },
    stopping: { web: sleeping },
    backoff: { web: { command: shell('exit 1'), ready: { log: 'never' } } },
    failed: { web: { command: shell('exit 2'), ready: { log: 'never' } } },
  };
  test.each(Object.entries(cases))('%s', async (phase, processes) => {
    const plugins = phase === 'backoff' ? [retries(60_000)] : [];
    const { manager, events } = await testManager({ plugins, processes });
    const web = manager.process('web');
    if (phase !== 'stopped') await manager.start();
    const first = phase === 'stopping' ? web.until('running').then(() => web.stop()) : undefined;
    await web.until(phase as Phase);
    const receipt = await web.stop();
    expect(web.view).toMatchObject({ phase: 'stopped', desired: 'down' });
    expect(receipt.escaped).toEqual([]);
    await first;
    expect(events.filter(({ type }) => type === 'manager.defect')).toEqual([]);
  });
});

test('the last words are kept, and a grandchild that holds the pipe delays nothing', async () => {
  const { manager, root, events } = await testManager({
    processes: {
      web: {
        command: fixture('holds-stdout.sh'),
        env: { GO: 'go' },
        ready: { log: 'child' },
        stop: { grace: '30s' },
      },
    },
  });
  const web = manager.process('web');
  await web.start();
  const child = await pidAfter(manager, 'child');
  touch(root, 'go');
  const view = await web.until('failed');
  expect(view.lastExit).toMatchObject({ code: 3 });
  const exited = events.find(({ type }) => type === 'process.exited');
  expect(exited?.data).toMatchObject({ lastLines: [`child ${child}`, 'last line'], exit: { code: 3 } });
  expect(isAlive(child)).toBe(false);
});

test('nothing of what a process says last is lost, however much that is', async () => {
  const { manager, events } = await testManager({
    processes: {
      web: { kind: 'job', command: [process.execPath, fixture('flood.mjs'), '2000000'], logs: { ring: '64kb' } },
    },
  });
  await manager.process('web').start();
  const lastLines = events.flatMap(({ type, data }) => (type === 'process.exited' ? data.lastLines : []));
  expect(lastLines.at(-1)).toBe('the last line');
  expect(manager.process('web').logs({ tail: 1 })).toMatchObject({ cursor: 20_001 });
});

test('a child has its own session, three descriptors and no blocked signals', async () => {
  const { manager } = await testManager({ processes: { web: { command: 'sleep 60' } } });
  const { pid } = await manager.process('web').start();
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const [, , group, session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  expect([Number(group), Number(session)]).toEqual([pid, pid]);
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  expect(status).toMatch(/^SigBlk:\s0+$/m);
  // The loader of a program that has just begun has its libraries open for a moment.
  await expect.poll(() => readdirSync(`/proc/${pid}/fd`)).toEqual(['0', '1', '2', ...inheritable()]);
});

/** Descriptors that were open without O_CLOEXEC when this process began: every child of ours gets them, whoever spawns it. */
function inheritable(): string[] {
  return readdirSync('/proc/self/fdinfo').filter((fd) => {
    const flags = /^flags:\s+(\d+)$/m.exec(linesOf('/proc/self/fdinfo', fd).join('\n'))?.[1];
    return Number(fd) > 2 && flags !== undefined && (Number.parseInt(flags, 8) & 0o2000000) === 0;
  });
}
