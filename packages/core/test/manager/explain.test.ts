import type { ExplainResult, Phase, Plugin, PluginContext, ProcessBase } from '@promptbin/core';
import { expect, test } from 'vitest';
import { plugin, retries } from '../support/plugins.ts';
import { nextEvent, testManager } from '../support/project.ts';

type Command = [string, ...string[]];
const shell = (script: string): Command => ['sh', '-c', script];
const sleeping = { command: 'sleep 60' };
const never = { ready: { log: 'never' } };
const boom = { command: shell('echo boom >&2; exit 7'), ...never };

interface Case {
  readonly processes: Readonly<Record<string, ProcessBase>>;
  readonly verdict: ExplainResult['verdict'];
  readonly summary: string | RegExp;
  readonly next: readonly string[];
  readonly cause?: string;
  readonly evidence?: readonly string[];
}

const cases: Record<Exclude<Phase, 'stopping'>, Case> = {
  stopped: {
    processes: { web: { ...sleeping, autostart: false } },
    verdict: 'down',
    summary: 'web is stopped',
    next: ['process.start web'],
  },
  waiting: {
    processes: { db: { ...sleeping, ...never }, web: { ...sleeping, dependsOn: ['db'] } },
    verdict: 'starting',
    summary: 'web waits for db: not ready (starting)',
    next: ['process.explain db'],
    cause: 'requested',
  },
  starting: {
    processes: { web: { ...sleeping, ...never } },
    verdict: 'starting',
    summary: 'web is starting, not ready yet',
    next: ['process.logs web'],
  },
  running: { processes: { web: sleeping }, verdict: 'up', summary: /^web is ready \(pid/, next: [] },
  backoff: {
    processes: { web: boom },
    verdict: 'down',
    summary: /^web will be retried \(attempt 1, next at .*\): exited with code 7 before it was ready$/,
    next: ['process.logs web', 'process.start web'],
    cause: 'exited',
    evidence: ['boom'],
  },
  completed: {
    processes: { web: { kind: 'job', command: 'true' } },
    verdict: 'up',
    summary: 'web has completed',
    next: [],
    cause: 'exited',
  },
  failed: {
    processes: { web: boom },
    verdict: 'down',
    summary: 'web has failed: exited with code 7 before it was ready',
    next: ['process.logs web', 'process.start web'],
    cause: 'exited',
    evidence: ['boom'],
  },
};

test.each(Object.entries(cases))('explain of a process that is %s', async (phase, expected) => {
  const plugins = phase === 'backoff' ? [retries(60_000)] : [];
  const { manager } = await testManager({ plugins, processes: expected.processes });
  await manager.start();
  // What it waits for has settled, too.
  for (const { name } of manager.processes())
    await manager.process(name).until(({ phase: now }) => now !== 'waiting' || name === 'web');
  const view = await manager.process('web').until(phase as Phase);
  const { ok, value } = (await manager.call('process.explain', { name: 'web' }, { caller: 'test' })) as {
    ok: boolean;
    value: ExplainResult;
  };
  expect(ok).toBe(true);
  expect(value).toMatchObject({ name: 'web', verdict: expected.verdict, since: view.since });
  if (typeof expected.summary === 'string') expect(value.summary).toBe(expected.summary);
  else expect(value.summary).toMatch(expected.summary);
  expect(value.next.map(({ command, input }) => `${command} ${input.name}`)).toEqual(expected.next);
  expect(value.cause?.code).toBe(expected.cause);
  expect(value.evidence).toEqual(expected.evidence ?? []);
  const seqs = value.chain.map(({ seq }) => seq);
  expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
  if (phase !== 'stopped') expect(value.chain.at(-1)?.text).toContain('web');
});

test('a service that has completed is down, and says why', async () => {
  const { manager } = await testManager({ processes: { web: { command: 'true', ready: { log: 'up' } } } });
  expect(await manager.call('process.start', { name: 'web' }, { caller: 'test' })).toMatchObject({
    error: {
      message: 'web has completed: exited with code 0 before it was ready.',
      hint: expect.stringContaining('foreground'),
    },
  });
  const { value } = (await manager.call('process.explain', { name: 'web' }, { caller: 'test' })) as {
    value: ExplainResult;
  };
  expect(value).toMatchObject({ verdict: 'down', cause: { code: 'exited' } });
});

test.each([
  ['web', 'web waits for db: failed (exited with code 1)'],
  ['worker', 'worker waits for web: not ready (waiting: dependency "db" failed: exited with code 1)'],
])('what is held by a dependency points to the one that is down: %s', async (name, summary) => {
  const { manager } = await testManager({
    processes: {
      db: { kind: 'job', command: shell('echo no disk; exit 1') },
      web: { ...sleeping, dependsOn: { db: 'completed' } },
      worker: { ...sleeping, dependsOn: ['web'] },
    },
  });
  await manager.start();
  await manager.process(name).until(({ cause }) => cause?.code === 'dependencyDown');
  const answer = await manager.call('process.explain', { name }, { caller: 'test' });
  expect(answer).toMatchObject({
    value: {
      verdict: 'down',
      summary,
      evidence: ['no disk'],
      next: [
        { command: 'process.explain', input: { name: 'db' } },
        { command: 'process.start', input: { name } },
      ],
    },
  });
});

test('what runs but is not well is degraded, with the reason of the check', async () => {
  let observe = (_healthy: boolean): void => {};
  const checker = plugin('checker', (ctx) => {
    observe = (healthy) => {
      const [view] = ctx.processes();
      const bad = { status: 'false', reason: 'ProbeFailed', message: 'HTTP 503' } as const;
      if (view !== undefined) ctx.condition(view, 'healthy', healthy ? { status: 'true', reason: 'ProbeOk' } : bad);
    };
  });
  const { manager } = await testManager({ plugins: [checker], processes: { web: sleeping } });
  await manager.process('web').start();
  observe(false);
  const explain = async () =>
    (await manager.call('process.explain', { name: 'web' }, { caller: 'test' })) as { value: ExplainResult };
  expect(manager.process('web').view).toMatchObject({ phase: 'running', ready: true, healthy: false });
  expect(await explain()).toMatchObject({
    value: {
      verdict: 'degraded',
      cause: { code: 'unhealthy', message: 'HTTP 503' },
      next: [{ command: 'process.logs' }, { command: 'process.restart' }],
    },
  });
  observe(true);
  expect(await explain()).toMatchObject({ value: { verdict: 'up' } });
});

test('after a restart the exit before is no reason any more', async () => {
  const { manager } = await testManager({
    processes: { web: { command: shell('[ -e ok ] && exec sleep 60; touch ok; exit 4') } },
  });
  const failed = nextEvent(manager, ({ type, data }) => type === 'process.phase' && data.to === 'failed');
  await manager.start();
  await failed;
  await manager.process('web').start();
  const answer = (await manager.call('process.explain', { name: 'web' }, { caller: 'test' })) as {
    value: ExplainResult;
  };
  expect(answer.value).toMatchObject({ verdict: 'up', evidence: [] });
  expect(answer.value.cause).toBeUndefined();
});

test('a check that fails is told with how long and how often, whatever the status still says', async () => {
  let context: PluginContext<undefined, undefined, never> | undefined;
  const checker = plugin('checker', (ctx) => {
    context = ctx;
  });
  const { manager } = await testManager({ plugins: [checker], processes: { web: sleeping } });
  const view = await manager.process('web').start();
  const fail = (status: 'true' | 'false', verdict: 'transient' | 'persistent', failures: number): void =>
    context?.condition(view, 'healthy', {
      ...{ status, reason: 'CheckFailing', message: 'liveness: HTTP 503', evidence: ['GET / answered 503'] },
      failing: { verdict, failures, since: 0, lastGoodAt: 1000 },
    });
  const explained = async () =>
    (await manager.call('process.explain', { name: 'web' }, { caller: 'test' })) as { value: ExplainResult };
  fail('true', 'transient', 1);
  const transient = (await explained()).value;
  expect(transient).toMatchObject({ verdict: 'up', next: [] });
  expect(transient.summary).toMatch(
    /^web is ready \(pid .*\)\. liveness: HTTP 503 \(transient: 1 failure in a row since 1970-.*, last good answer at 1970-/,
  );
  fail('false', 'persistent', 3);
  const persistent = (await explained()).value;
  expect(persistent).toMatchObject({ verdict: 'degraded', evidence: ['GET / answered 503'] });
  expect(persistent.summary).toMatch(
    /ready, but not healthy .*\. liveness: HTTP 503 \(persistent: 3 failures in a row/,
  );
});

test('a crash loop is told with how often it has exited, in how long, and for how many reasons', async () => {
  const flaky =
    'n=$(cat runs 2>/dev/null || echo 0); echo $((n + 1)) > runs; echo "ERROR run $n" >&2; exit $((n % 2 + 3))';
  const crashing = async (script: string): Promise<ExplainResult> => {
    const loop: Plugin<string> = plugin('loop', (ctx) => {
      let left = 3;
      ctx.hooks.decide.tap('loop', (_process, { cause }) => {
        left -= 1;
        return left >= 0 ? { action: 'retry', delayMs: 1 } : { action: 'giveUp', cause };
      });
    });
    const { manager } = await testManager({ plugins: [loop], processes: { web: { command: shell(script) } } });
    await manager.start();
    await manager.process('web').until('failed');
    return ((await manager.call('process.explain', { name: 'web' }, { caller: 'test' })) as { value: ExplainResult })
      .value;
  };
  const same = await crashing('echo boom >&2; exit 3');
  expect(same.evidence).toEqual([
    expect.stringMatching(/^4 exits in \d.* s, all for one reason: exited with code 3$/),
    'boom',
  ]);
  const different = await crashing(flaky);
  expect(different.evidence[0]).toMatch(
    /^4 exits in \d.* s, for 2 reasons: exited with code 3 \(2 times\); exited with code 4 \(2 times\)$/,
  );
});

test('what a probe says is shown with what the process has written of it', async () => {
  let fail = (): void => {};
  const checker = plugin('checker', (ctx) => {
    fail = () => {
      const [view] = ctx.processes();
      const bad = {
        status: 'false',
        reason: 'ProbeFailed',
        message: 'HTTP 503',
        evidence: ['GET / answered 503'],
      } as const;
      if (view !== undefined) ctx.condition(view, 'healthy', bad);
    };
  });
  const { manager } = await testManager({
    plugins: [checker],
    processes: {
      web: { command: shell('echo "ERROR no database"; echo up; exec sleep 60'), ready: { log: 'up' } },
    },
  });
  await manager.process('web').start();
  fail();
  const answer = await manager.call('process.explain', { name: 'web' }, { caller: 'test' });
  expect(answer).toMatchObject({ value: { evidence: ['GET / answered 503', 'ERROR no database'] } });
});

test('a crash loop that is given up is summed up with its reason and the advice for it', async () => {
  const loop: Plugin<string> = plugin('loop', (ctx) => {
    ctx.hooks.decide.tap('loop', (_process, { cause }) => {
      const crashLoop = { ...cause, code: 'crashLoop', message: 'too many restarts' } as const;
      return { action: 'giveUp', cause: crashLoop };
    });
  });
  const { manager } = await testManager({
    plugins: [loop],
    processes: { web: { command: shell('exec no-such-tool') } },
  });
  await manager.start();
  await manager.process('web').until('failed');
  const answer = await manager.call('process.explain', { name: 'web' }, { caller: 'test' });
  expect(answer).toMatchObject({
    value: {
      summary:
        'web has failed: too many restarts. command "no-such-tool" was not found. Install it, or correct the command',
      next: [{ command: 'process.logs' }, { command: 'process.start' }],
    },
  });
});
