import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config, EnvInput, ProcessBase, ReloadReport, ResolvedProcess } from '@promptbin/core';
import { describe, expect, test } from 'vitest';
import { isAlive } from '../support/alive.ts';
import { linesOf, touch } from '../support/files.ts';
import { canBind, freePort } from '../support/network.ts';
import { plugin } from '../support/plugins.ts';
import { lineWith, type TestManager, testManager } from '../support/project.ts';
import { stepsOf } from '../support/reload.ts';

const caller = { caller: 'test' };
const shell = (script: string): [string, ...string[]] => ['sh', '-c', script];
const service = (script = ''): ProcessBase => ({
  command: shell(`${script}echo up; exec sleep 60`),
  ready: { log: 'up' },
  stop: { grace: '2s' },
});

/** Everything is up. */
async function running(processes: Config['processes'], more: Omit<Config, 'processes'> = {}): Promise<TestManager> {
  const testing = await testManager({ ...more, processes });
  await testing.manager.start();
  await Promise.all(Object.keys(processes).map((name) => testing.manager.process(name).until('ready')));
  return testing;
}

test('an unchanged process keeps its pid, a changed one begins anew, a new one starts, a removed one ends', async () => {
  const { manager, events, root } = await running({ kept: service(), changed: service(), gone: service() });
  const pids = Object.fromEntries(manager.processes().map(({ name, pid }) => [name, pid as number]));
  const report = await manager.reload({
    processes: { added: service(), changed: service('echo other; '), kept: service() },
  });
  expect(stepsOf(report)).toEqual(['remove gone', 'add added', 'restart changed']);
  expect(report).toMatchObject({ applied: true, unstopped: [] });
  expect(report.summary).toBe('added added; gone removed; changed restarted; 1 process kept');
  expect(isAlive(pids.gone as number)).toBe(false);
  const changed = await manager.process('changed').until(({ ready, generation }) => ready && generation === 2);
  expect(changed).toMatchObject({ restarts: 1, generation: 2 });
  expect(isAlive(pids.changed as number)).toBe(false);
  await manager.process('added').until('ready');
  expect(manager.process('kept').view).toMatchObject({ pid: pids.kept, generation: 1, phase: 'running' });
  expect(manager.processes().map(({ name }) => name)).toEqual(['added', 'changed', 'kept']);
  expect(() => manager.process('gone')).toThrow('There is no process "gone".');
  expect(existsSync(join(root, '.promptbin/logs/gone.log'))).toBe(true);

  const told = events.filter(({ type }) => /^config\.re|^process\.(added|configured|removed)$/.test(type));
  expect(told.map(({ type, data }) => [type, data])).toEqual([
    ['process.removed', { name: 'gone' }],
    ['process.added', { name: 'added' }],
    ['process.configured', { name: 'changed', generation: 1, kind: 'service', action: 'restart', paths: ['command'] }],
    ['config.reloaded', { added: ['added'], removed: ['gone'], restarted: ['changed'], updated: [], plugins: [] }],
  ]);
});

test('a changed variable reaches the child', async () => {
  const script = shell('echo "A is $A"; echo up; exec sleep 60');
  const web = (env: EnvInput): ProcessBase => ({ command: script, env, ready: { log: 'up' } });
  const { manager } = await running({ web: web({ A: 'one' }), other: service() }, { env: { A: 'all' } });
  await lineWith(manager.process('web'), 'A is one');
  const other = manager.process('other').view.pid;
  const report = await manager.reload({ env: { A: 'every' }, processes: { web: web({}), other: service() } });
  expect(report.processes).toMatchObject([
    { action: 'restart', name: 'web', changes: [{ path: 'env.A', from: 'one', to: 'every' }] },
    { action: 'restart', name: 'other', changes: [{ path: 'env.A', from: 'all', to: 'every' }] },
  ]);
  await lineWith(manager.process('web'), 'A is every');
  await manager.process('other').until(({ ready, generation }) => ready && generation === 2);
  expect(isAlive(other as number)).toBe(false);
});

test('settings of its end hold at once, and the process goes on', async () => {
  const deaf = shell('trap "" TERM; echo up; while :; do sleep 0.05; done');
  const web = (grace: number): ProcessBase => ({ command: deaf, ready: { log: 'up' }, stop: { grace } });
  const { manager } = await running({ web: web(60_000) });
  const { pid } = manager.process('web').view;
  const report = await manager.reload({ processes: { web: web(100) } });
  expect(report.processes).toEqual([
    { action: 'update', name: 'web', changes: [{ path: 'stop.grace', from: 60_000, to: 100 }] },
  ]);
  expect(manager.process('web').view).toMatchObject({ pid, phase: 'running' });
  const receipt = await manager.process('web').stop();
  expect(receipt.killed).toContain(pid);
  expect(receipt.tookMs).toBeLessThan(30_000);
});

test('what begins anew is ended as it was started', async () => {
  const on = (signal: string): [string, ...string[]] =>
    shell(
      `trap "echo ${signal} >> ended; exit 0" ${signal}; trap "echo other >> ended" HUP; echo up; while :; do sleep 0.05; done`,
    );
  const { manager, root } = await running({
    web: { command: on('INT'), ready: { log: 'up' }, stop: { signal: 'SIGINT' } },
  });
  await manager.reload({
    processes: { web: { command: on('USR1'), ready: { log: 'up' }, stop: { signal: 'SIGUSR1' } } },
  });
  await manager.process('web').until(({ ready, generation }) => ready && generation === 2);
  expect(linesOf(root, 'ended')).toEqual(['INT']);
  await manager.process('web').stop();
  expect(linesOf(root, 'ended')).toEqual(['INT', 'USR1']);
});

test('processes that swap their ports wait for each other, however long the other takes to end', async () => {
  const [first, second] = [await freePort(), await freePort()];
  const serve = ['sh', '-c', "trap 'sleep 1; exit 0' TERM; echo up; while :; do sleep 0.05; done"] as const;
  const web = (preferred: number, strict: boolean): ProcessBase => ({
    command: [...serve],
    port: { preferred, strict },
    ready: { log: 'up', port: false },
    stop: { grace: '5s' },
  });
  const quick = (preferred: number, strict: boolean): ProcessBase => ({
    ...web(preferred, strict),
    command: ['sh', '-c', 'echo up; exec sleep 60'],
  });
  for (const strict of [true, false]) {
    const { manager } = await testManager({ processes: { a: quick(first, strict), b: web(second, strict) } });
    await Promise.all(['a', 'b'].map((name) => manager.process(name).start()));
    await manager.reload({
      // Waiting for who waits is no deadlock: the port is given back when the process has ended, not when it begins anew.
      processes: { a: quick(second, strict), b: { ...web(first, strict), dependsOn: ['a'] } },
    });
    await expect
      .poll(() => manager.process('a').view.waitingFor)
      .toEqual([`port ${second}: the process that gives it up is ending`]);
    expect(await manager.process('b').until('running')).toMatchObject({ port: first });
    expect(manager.process('a').view).toMatchObject({ phase: 'running', port: second });
    await manager.close();
  }
});

test('a process that is renamed gets the port that it had', async () => {
  const port = await freePort();
  const web: ProcessBase = { ...service(), port: { preferred: port, strict: true }, ready: { log: 'up', port: false } };
  const { manager } = await running({ web });
  await manager.reload({ processes: { site: web } });
  expect(await manager.process('site').until('ready')).toMatchObject({ port });
  expect(await canBind(port)).toBe(true);
});

test('another preferred port is taken, although the last one is free', async () => {
  const [first, second] = [await freePort(), await freePort()];
  const web = (port: number): ProcessBase => ({ ...service(), port, ready: { log: 'up', port: false } });
  const { manager } = await running({ web: web(first) });
  const report = await manager.reload({ processes: { web: web(second) } });
  expect(report.processes[0]?.changes).toEqual([{ path: 'port.preferred', from: first, to: second }]);
  expect(await manager.process('web').until(({ ready, generation }) => ready && generation === 2)).toMatchObject({
    port: second,
  });
});

test('what is removed ends in reverse order of dependency', async () => {
  const web = service();
  const { manager, events } = await running({
    db: web,
    api: { ...web, dependsOn: ['db'] },
    page: { ...web, dependsOn: ['api'] },
  });
  const { processes } = await manager.reload({ processes: {} });
  expect(processes.map(({ name }) => name)).toEqual(['page', 'api', 'db']);
  const order = events.flatMap(({ type, data }) => (type === 'process.exited' ? [data.name] : []));
  expect(order).toEqual(['page', 'api', 'db']);
  expect(manager.processes()).toEqual([]);
});

describe('a process that comes back under its name', () => {
  test('starts clean, with a log of its own, and goes on counting its runs', async () => {
    const web: ProcessBase = { command: shell('echo "run $PROMPTBIN_RUN"; exec sleep 60'), ready: { log: 'run' } };
    const { manager, root } = await running({ web });
    await manager.process('web').restart();
    const before = manager.process('web');
    await manager.reload({ processes: {} });
    await manager.reload({ processes: { web } });
    const view = await manager.process('web').until('ready');
    expect(view).toMatchObject({ generation: 3, restarts: 0, attempt: 0 });
    expect(
      manager
        .process('web')
        .logs()
        .lines.map(({ text }) => text),
    ).toEqual(['run 3']);
    expect(readFileSync(join(root, '.promptbin/logs/web.log'), 'utf8')).toBe('run 1\nrun 2\nrun 3\n');
    // Who still holds the old one is told what is the case.
    expect(before.view).toMatchObject({ phase: 'stopped', generation: 2 });
    await expect(before.start()).rejects.toMatchObject({ code: 'PB_PROCESS_UNKNOWN' });
    await expect(before.until('ready')).rejects.toMatchObject({ code: 'PB_PROCESS_UNKNOWN' });
  });

  test('who waits for it when it is removed hears so', async () => {
    const { manager } = await testManager({ processes: { web: { ...service(), autostart: false } } });
    const waiting = manager
      .process('web')
      .until('ready')
      .catch((fault) => fault);
    await manager.reload({ processes: {} });
    expect(await waiting).toMatchObject({
      code: 'PB_PROCESS_UNKNOWN',
      message: '"web" is no longer part of the config.',
    });
  });
});

describe('nothing changes', () => {
  const snapshot = ({ manager }: TestManager) =>
    manager.processes().map(({ name, pid, phase, generation }) => ({ name, pid, phase, generation }));

  test.each([
    [
      'of mistakes, all of which are told',
      { processes: { web: { command: '' }, db: { command: 'x', kidn: 1 } } },
      'PB_CONFIG_INVALID',
    ],
    [
      'two wait for each other',
      { processes: { web: { ...service(), dependsOn: ['db'] }, db: { ...service(), dependsOn: ['web'] } } },
      'PB_CONFIG_INVALID',
    ],
    [
      'a plugin fails in its setup',
      { plugins: [plugin('bad', () => Promise.reject(new Error('no')))], processes: {} },
      'PB_PLUGIN_SETUP',
    ],
    [
      'a plugin makes a graph that cannot be started',
      {
        plugins: [
          plugin('bad', (ctx) =>
            ctx.hooks.configure.tap('x', (config) => ({
              ...config,
              processes: {
                web: { ...(config.processes.web as ResolvedProcess), dependsOn: { nobody: 'ready' } },
              },
            })),
          ),
        ],
        processes: { web: service() },
      },
      'PB_CONFIGURE_FAILED',
    ],
  ] as [string, Config, string][])('because %s', async (_, config, code) => {
    const testing = await running({ web: service(), db: service() });
    const before = snapshot(testing);
    const fault = await testing.manager.reload(config).catch((error) => error);
    expect(fault).toMatchObject({ code });
    if (code === 'PB_CONFIG_INVALID') expect(fault.details.length).toBeGreaterThan(0);
    expect(snapshot(testing)).toEqual(before);
    expect(testing.events.at(-1)).toMatchObject({ type: 'config.rejected', data: { code, message: fault.message } });
    // The old one is still in force.
    expect(stepsOf(await testing.manager.reload({ processes: { web: service(), db: service() } }))).toEqual([]);
  });

  test('when it is only asked what would be done', async () => {
    const testing = await running({ web: service(), db: service() });
    const before = snapshot(testing);
    const { length } = testing.events;
    const report = await testing.manager.reload(
      { processes: { web: service('x=1; '), site: service() } },
      { dryRun: true },
    );
    expect(stepsOf(report)).toEqual(['remove db', 'restart web', 'add site']);
    expect(report).toMatchObject({
      applied: false,
      summary: 'site to be added; db to be removed; web to be restarted; 0 processes kept',
    });
    expect(snapshot(testing)).toEqual(before);
    expect(testing.events).toHaveLength(length);
  });

  test('when nothing differs', async () => {
    const testing = await running({ web: service() });
    const { length } = testing.events;
    const report = await testing.manager.reload({ processes: { web: service() } });
    expect(report).toMatchObject({ applied: false, summary: 'nothing differs' });
    expect(testing.events).toHaveLength(length);
  });
});

describe('the command', () => {
  test('reads the file again', async () => {
    let config: Config = { processes: { web: service() } };
    const { manager } = await testManager(config, { load: async () => ({ config }) });
    await manager.process('web').start();
    config = { processes: { web: service(), api: service() } };
    const dry = await manager.call('config.reload', { dryRun: true }, caller);
    expect(dry).toMatchObject({ ok: true, value: { applied: false } });
    expect(manager.processes()).toHaveLength(1);
    const answer = await manager.call('config.reload', {}, caller);
    expect(answer).toMatchObject({ ok: true, value: { applied: true, summary: 'api added; 1 process kept' } });
    expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
    await manager.process('api').until('ready');
  });

  test('answers what is wrong with the file', async () => {
    const load = async () => ({ config: { processes: { web: { command: '' } } } });
    const { manager, events } = await testManager({ processes: {} }, { load });
    expect(await manager.call('config.reload', {}, caller)).toMatchObject({
      ok: false,
      error: { code: 'PB_CONFIG_INVALID' },
    });
    expect(events.at(-1)).toMatchObject({ type: 'config.rejected', data: { code: 'PB_CONFIG_INVALID' } });
  });

  test('says that there is no file', async () => {
    const { manager } = await testManager({ processes: {} });
    expect(await manager.call('config.reload', {}, caller)).toMatchObject({
      ok: false,
      error: { code: 'PB_CONFIG_RELOAD', hint: expect.stringContaining('load') },
    });
  });
});

test('reloads are carried out one after another', async () => {
  const { manager } = await running({ web: service() });
  const reports = await Promise.all([
    manager.reload({ processes: { web: service(), one: service() } }),
    manager.reload({ processes: { web: service(), two: service() } }),
    manager.reload({ processes: { web: service() } }),
  ]);
  expect(reports.map(stepsOf)).toEqual([['add one'], ['remove one', 'add two'], ['remove two']]);
  expect(manager.processes().map(({ name, generation }) => [name, generation])).toEqual([['web', 1]]);
});

test('a secret is not told', async () => {
  const web = (value: string): ProcessBase => ({ ...service(), env: { DB_PASSWORD: value } });
  const { manager, events } = await running({ web: web('correct-horse') });
  const report: ReloadReport = await manager.reload({ processes: { web: web('battery-staple') } });
  expect(report.processes[0]?.changes).toEqual([{ path: 'env.DB_PASSWORD', from: '[secret]', to: '[secret]' }]);
  expect(JSON.stringify([report, events])).not.toMatch(/correct-horse|battery-staple/);
});

test('limits of the log hold at once', async () => {
  // Says something whenever the file `more` is there.
  const script = 'echo up; while :; do if [ -e more ]; then rm more; echo 0123456789; fi; sleep 0.02; done';
  const web = (maxSize: number): ProcessBase => ({ command: shell(script), ready: { log: 'up' }, logs: { maxSize } });
  const { manager, root } = await running({ web: web(1e6) });
  const { pid } = manager.process('web').view;
  await manager.reload({ processes: { web: web(12) } });
  touch(root, 'more');
  await lineWith(manager.process('web'), '0123456789');
  expect(readdirSync(join(root, '.promptbin/logs'))).toContain('web.log.1');
  expect(manager.process('web').view).toMatchObject({ pid, generation: 1 });
});
