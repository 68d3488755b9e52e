import { PromptbinError } from '@promptbin/core';
import { expect, test } from 'vitest';
import { isAlive } from '../support/alive.ts';
import { fixture, touch } from '../support/files.ts';
import { accepts, listen } from '../support/network.ts';
import { plugin } from '../support/plugins.ts';
import { phasesOf, testManager } from '../support/project.ts';

const server = [process.execPath, fixture('server.mjs')] as const;

test('start returns when the port is open, and not before', async () => {
  const { manager, root, events } = await testManager({
    processes: { web: { command: server, port: 'auto', env: { GO: 'go' } } },
  });
  const web = manager.process('web');
  let returned = false;
  const started = web.start().then((view) => {
    returned = true;
    return view;
  });
  const { port } = await web.until('starting');
  expect({ returned, accepts: await accepts(port as number), ready: web.view.ready }).toEqual({
    returned: false,
    accepts: false,
    ready: false,
  });
  touch(root, 'go');
  const view = await started;
  expect(view).toMatchObject({ phase: 'running', ready: true, url: `http://127.0.0.1:${port}` });
  expect(await accepts(port as number)).toBe(true);
  expect(phasesOf(events, 'web')).toEqual(['waiting', 'starting', 'running']);
});

test('an exit before ready fails the start at once, with the code and the last words', async () => {
  const { manager, events } = await testManager({
    processes: { web: { command: ['sh', '-c', 'echo boom >&2; exit 7'], port: 'auto' } },
  });
  const fault = await manager
    .process('web')
    .start()
    .catch((thrown: unknown) => thrown);
  expect(PromptbinError.is(fault)).toBe(true);
  expect(fault).toMatchObject({
    code: 'PB_START_FAILED',
    process: 'web',
    message: 'web has failed: exited with code 7 before it was ready.',
    details: {
      phase: 'failed',
      ready: false,
      lastExit: { code: 7, signal: null },
      cause: { code: 'exited', evidence: ['boom'] },
    },
  });
  expect(phasesOf(events, 'web')).toEqual(['waiting', 'starting', 'failed']);
});

test('a missed deadline is a failure, says what was missing, and leaves nothing alive', async () => {
  const { manager, events } = await testManager({
    processes: { web: { command: 'sleep 60', port: 'auto', ready: { timeout: '300ms', log: 'up' } } },
  });
  const web = manager.process('web');
  const starting = web.start().catch((thrown: unknown) => thrown);
  const { pid, port } = await web.until('starting');
  const fault = await starting;
  expect(fault).toMatchObject({
    code: 'PB_START_FAILED',
    details: { phase: 'failed', cause: { code: 'startTimeout' } },
  });
  expect((fault as Error).message).toContain('not ready after 0.3 s');
  expect((fault as Error).message).toContain('log: no line matched "up"');
  expect((fault as Error).message).toContain(`port: nobody listens on port ${port}`);
  expect(isAlive(pid as number)).toBe(false);
  expect(phasesOf(events, 'web')).toEqual(['waiting', 'starting', 'stopping', 'failed']);
  const readyEvents = events.filter(({ type, data }) => type === 'process.condition' && data.value.status === 'true');
  expect(readyEvents).toEqual([]);
});

test('exit code 0 after a missed deadline is no success', async () => {
  const { manager, events } = await testManager({
    processes: {
      web: {
        command: ['sh', '-c', 'trap "exit 0" TERM; while :; do sleep 0.02; done'],
        ready: { timeout: 200, log: 'up' },
      },
    },
  });
  await expect(manager.process('web').start()).rejects.toMatchObject({ details: { phase: 'failed' } });
  const exited = events.find(({ type }) => type === 'process.exited');
  expect(exited?.data).toMatchObject({ exit: { code: 0, condemned: true, wasReady: false } });
});

test('a stranger that answers on the port does not make it ready, and is named', async () => {
  let stranger: { port: number } | undefined;
  // Between the release of the port and the bind of the child anyone may be faster.
  const thief = plugin('thief', (ctx) => {
    ctx.hooks.readiness.tap('thief', ({ port = 0 }) => {
      void listen(port).then((taken) => {
        stranger = taken;
      });
    });
  });
  const { manager } = await testManager({
    plugins: [thief],
    processes: { web: { command: 'sleep 60', port: 'auto', ready: { timeout: '1s' } } },
  });
  const web = manager.process('web');
  const fault = (await web.start().catch((thrown: unknown) => thrown)) as PromptbinError;
  expect(stranger?.port).toBeGreaterThan(0);
  expect(fault.message).toContain(`port ${stranger?.port} is answered by pid ${process.pid}`);
  expect(fault).toMatchObject({ details: { phase: 'failed', cause: { code: 'portInUse' } } });
});

test('a log line counts even without a line break, but not when it is spread over both streams', async () => {
  const script = `printf rea; printf 'dy\\n' >&2; until [ -e go ]; do sleep 0.02; done; printf 'server ready'; exec sleep 60`;
  const { manager, root } = await testManager({
    processes: { web: { command: ['sh', '-c', script], ready: { log: 'ready' } } },
  });
  const web = manager.process('web');
  const started = web.start();
  const seen = Promise.withResolvers<void>();
  using _ = web.onOutput(() => {
    if (web.logs().lines.some(({ text, stream }) => stream === 'err' && text === 'dy')) seen.resolve();
  });
  await web.until('starting');
  await seen.promise;
  expect(web.view.phase).toBe('starting');
  touch(root, 'go');
  expect(await started).toMatchObject({ phase: 'running', ready: true });
});

test('each ready event is told of the right process, in the order in which they come', async () => {
  const waits = (file: string): string[] => [
    'sh',
    '-c',
    `until [ -e ${file} ]; do sleep 0.02; done; echo up; exec sleep 60`,
  ];
  const process_ = (file: string) => ({ command: waits(file) as [string, ...string[]], ready: { log: /^up$/ } });
  const { manager, root, events } = await testManager({
    processes: { a: process_('go-a'), b: process_('go-b'), c: process_('go-c') },
  });
  await manager.start();
  for (const name of ['c', 'b', 'a']) {
    await manager.process(name).until('starting');
    touch(root, `go-${name}`);
    const view = await manager.process(name).until('ready');
    expect(view.name).toBe(name);
  }
  const order = events.flatMap(({ type, data }) =>
    type === 'process.condition' && data.condition === 'ready' && data.value.status === 'true' ? [data.name] : [],
  );
  expect(order).toEqual(['c', 'b', 'a']);
});

test('what a plugin waits for holds the start; when it says never, the start fails with its reason', async () => {
  const answers = { good: Promise.withResolvers<void>(), bad: Promise.withResolvers<void>() };
  const waiting = plugin('waiting', (ctx) => {
    ctx.hooks.readiness.tap('waiting', ({ name }, barrier) => {
      barrier.waitFor('answer', async () => {
        await answers[name as 'good' | 'bad'].promise;
        return name === 'good' ? { ready: true } : { ready: false, why: 'HTTP 401' };
      });
    });
  });
  const { manager } = await testManager({
    plugins: [waiting],
    processes: { good: { command: 'sleep 60' }, bad: { command: 'sleep 60' } },
  });
  await manager.start();
  await Promise.all(['good', 'bad'].map((name) => manager.process(name).until('starting')));
  answers.good.resolve();
  await manager.process('good').until('ready');
  expect(manager.process('bad').view.phase).toBe('starting');
  answers.bad.resolve();
  const bad = await manager.process('bad').until('failed');
  expect(bad.cause).toMatchObject({ code: 'startTimeout', message: 'answer: HTTP 401' });
});

test('when it exits or is stopped, what is still asked about it is aborted', async () => {
  const aborted: string[] = [];
  const waiting = plugin('waiting', (ctx) => {
    ctx.hooks.readiness.tap('waiting', ({ name }, barrier) => {
      barrier.waitFor('never', (signal) => {
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            aborted.push(name);
            reject(signal.reason);
          });
        });
      });
    });
  });
  const { manager } = await testManager({
    plugins: [waiting],
    processes: { stopped: { command: 'sleep 60' }, exits: { command: ['sh', '-c', 'exit 3'] } },
  });
  await manager.start();
  await manager.process('stopped').until('starting');
  await manager.process('stopped').stop();
  await manager.process('exits').until('failed');
  expect(aborted.toSorted()).toEqual(['exits', 'stopped']);
});

test.each([
  [
    'throws',
    () => {
      throw new Error('no probe');
    },
    'x: no probe',
  ],
  ['rejects', () => Promise.reject(new Error('no answer')), 'x: no answer'],
  ['answers nonsense', () => Promise.resolve(undefined), 'x: answered nonsense'],
  ['answers no promise', () => 'yes', 'x: answered nonsense'],
])('a probe that %s fails the start and is named', async (_, probe, message) => {
  const nonsense = plugin('nonsense', (ctx) => {
    ctx.hooks.readiness.tap('nonsense', (_view, barrier) => barrier.waitFor('x', probe as never));
  });
  const { manager, events } = await testManager({ plugins: [nonsense], processes: { web: { command: 'sleep 60' } } });
  await expect(manager.process('web').start()).rejects.toMatchObject({ code: 'PB_START_FAILED' });
  expect(manager.process('web').view.cause?.message).toBe(message);
  expect(events.filter(({ type }) => type === 'manager.defect')).toEqual([]);
});
