import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { linesOf } from '../support/files.ts';
import { plugin } from '../support/plugins.ts';
import { testManager } from '../support/project.ts';

const dump = { kind: 'job' as const, command: ['sh', '-c', 'env > out-$PROMPTBIN_PROCESS'] as const };

function environment(root: string, name: string): Record<string, string> {
  return Object.fromEntries(
    linesOf(root, `out-${name}`).map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

test('later wins: inherited, promptbin, all processes, files, the process, a plugin; null removes', async () => {
  const plugins = [
    plugin('adding', (ctx) => {
      ctx.hooks.env.tap('adding', (env) => ({
        ...env,
        F: 'plugin',
        PROMPTBIN_STAMP: 'forged',
        PROMPTBIN_PROCESS: 'x',
      }));
    }),
  ];
  const letters = (from: string, keys: string): Record<string, string> =>
    Object.fromEntries([...keys].map((key) => [key, from]));
  const { manager, root } = await testManager(
    {
      plugins,
      env: { ...letters('shared', 'BCDEF'), GONE_FOR_ALL: null },
      processes: {
        web: {
          ...dump,
          port: 'auto',
          env: {
            ...letters('process', 'EF'),
            GONE: null,
            PROMPTBIN_MODE: 'own',
            NUMBER: 5,
            FLAG: true,
            PROMPTBIN_RUN: 'x',
          },
        },
      },
    },
    {
      env: {
        PATH: process.env.PATH,
        ...letters('inherited', 'ABCDEF'),
        GONE: 'x',
        GONE_FOR_ALL: 'x',
        PROMPTBIN_MODE: 'outer',
      },
    },
  );
  await manager.process('web').start();
  const env = environment(root, 'web');
  expect(env).toMatchObject({
    A: 'inherited',
    B: 'shared',
    C: 'shared',
    D: 'shared',
    E: 'process',
    F: 'plugin',
    NUMBER: '5',
    FLAG: 'true',
    PROMPTBIN_MODE: 'own',
    PROMPTBIN_PROCESS: 'web',
    PROMPTBIN_RUN: '1',
    PROMPTBIN_PROJECT: root,
    PROMPTBIN_DATA_DIR: join(root, 'data'),
    PROMPTBIN_LOG_LEVEL: 'info',
  });
  expect(env.PROMPTBIN_STAMP).toMatch(/^\d+\.\d+\.\d+\.[0-9a-f-]{36}$/);
  expect(env).not.toHaveProperty('GONE');
  expect(env).not.toHaveProperty('GONE_FOR_ALL');
  expect(env.PORT).toMatch(/^\d+$/);
});

test('of two neighbouring sources the later one wins', async () => {
  const root = await mkdtemp(join(tmpdir(), 'promptbin-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  writeFileSync(join(root, 'all.env'), 'PROMPTBIN_LOG_LEVEL=all.env\nB=all.env\n');
  writeFileSync(join(root, 'later.env'), 'B=later.env\nC=later.env\n');
  writeFileSync(join(root, 'web.env'), 'D=web.env\nE=web.env\n');
  const { manager } = await testManager(
    {
      envFile: ['all.env', 'later.env'],
      env: { C: 'all', D: 'all' },
      processes: { web: { ...dump, envFile: 'web.env', env: { E: 'web' } } },
    },
    { root, env: { PATH: process.env.PATH, PROMPTBIN_MODE: 'inherited', B: 'inherited' } },
  );
  await manager.process('web').start();
  expect(environment(root, 'web')).toMatchObject({
    PROMPTBIN_MODE: 'managed',
    PROMPTBIN_LOG_LEVEL: 'all.env',
    B: 'later.env',
    C: 'all',
    D: 'web.env',
    E: 'web',
  });
});

test('null takes out what comes before it, also what promptbin says, and a later source brings it back', async () => {
  const root = await mkdtemp(join(tmpdir(), 'promptbin-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  writeFileSync(join(root, 'all.env'), 'FILE=x\nBACK_BY_ENV=x\n');
  writeFileSync(join(root, 'web.env'), 'BACK=web.env\nGONE=web.env\n');
  const { manager } = await testManager(
    {
      envFile: 'all.env',
      env: { INHERITED: null, FILE: null, BACK: null, BACK_BY_ENV: null, PROMPTBIN_DATA_DIR: null },
      processes: {
        web: { ...dump, port: 'auto', envFile: 'web.env', env: { GONE: null, PORT: null, BACK_BY_ENV: '' } },
      },
    },
    { root, env: { PATH: process.env.PATH, INHERITED: 'x' } },
  );
  await manager.process('web').start();
  const env = environment(root, 'web');
  expect(env).toMatchObject({ BACK: 'web.env', BACK_BY_ENV: '' });
  expect(env.PROMPTBIN_PORT).toMatch(/^\d+$/);
  for (const key of ['INHERITED', 'FILE', 'GONE', 'PORT', 'PROMPTBIN_DATA_DIR']) expect(env).not.toHaveProperty(key);
});

test('a shell expands variables of the child, at its start; without one nothing does', async () => {
  const root = await mkdtemp(join(tmpdir(), 'promptbin-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  writeFileSync(join(root, '.env'), 'FROM_FILE=$WHO\nQUOTED="$WHO"\n');
  const text = '$WHO-$PORT-$FROM_FILE-$QUOTED-$FROM_ENV';
  const { manager } = await testManager(
    {
      envFile: '.env',
      env: { WHO: 'config', FROM_ENV: '$WHO' },
      processes: {
        shell: { kind: 'job', command: `echo ${text}`, shell: true, port: 'auto', env: { WHO: 'child' } },
        plain: { kind: 'job', command: `echo ${text}`, port: 'auto' },
        list: { kind: 'job', command: ['echo', text], port: 'auto' },
      },
    },
    { root, env: { PATH: process.env.PATH, WHO: 'manager' } },
  );
  const lineOf = async (name: string): Promise<string | undefined> => {
    await manager.process(name).start();
    return manager.process(name).logs().lines[0]?.text;
  };
  expect(await lineOf('shell')).toMatch(/^child-\d+-\$WHO-\$WHO-\$WHO$/);
  expect(await lineOf('plain')).toBe(text);
  expect(await lineOf('list')).toBe(text);
});

test('what an outer manager told about its own child does not leak in', async () => {
  const outer = {
    PORT: '5000',
    PROMPTBIN_PORT: '5000',
    PROMPTBIN_HOST: '0.0.0.0',
    PROMPTBIN_RUN: '7',
    PROMPTBIN_PROCESS: 'outer',
    PROMPTBIN_STAMP: 'outer',
    PROMPTBIN_MODE: 'mcp-managed',
  };
  const { manager, root } = await testManager(
    { processes: { web: dump } },
    { env: { PATH: process.env.PATH, ...outer } },
  );
  await manager.process('web').start();
  const env = environment(root, 'web');
  for (const key of ['PORT', 'PROMPTBIN_PORT', 'PROMPTBIN_HOST']) expect(env).not.toHaveProperty(key);
  expect(env).toMatchObject({ PROMPTBIN_RUN: '1', PROMPTBIN_PROCESS: 'web', PROMPTBIN_MODE: 'managed' });
  expect(env.PROMPTBIN_STAMP).not.toBe('outer');
});

test('the number of the run counts up, and the stamp is one for all processes', async () => {
  const { manager, root } = await testManager({ processes: { a: dump, b: dump } });
  await manager.process('a').start();
  await manager.process('a').start();
  await manager.process('b').start();
  expect(environment(root, 'a').PROMPTBIN_RUN).toBe('2');
  expect(environment(root, 'b').PROMPTBIN_STAMP).toBe(environment(root, 'a').PROMPTBIN_STAMP);
});

test('a plan can be changed by a plugin, but not in place', async () => {
  const plans = plugin('plans', (ctx) => {
    ctx.hooks.plan.tap('plans', (plan) => ({ ...plan, args: ['-c', 'pwd > out; echo changed >> out'] }));
  });
  const meddler = plugin('meddler', (ctx) => {
    ctx.hooks.plan.tap('meddler', (plan) => {
      (plan.args as string[]).push('meddled');
      return undefined;
    });
  });
  const { manager, root, events } = await testManager({ plugins: [meddler, plans], processes: { web: dump } });
  await manager.process('web').start();
  expect(linesOf(root, 'out')).toEqual([root, 'changed']);
  expect(events.flatMap(({ type, data }) => (type === 'plugin.fault' ? [[data.plugin, data.hook]] : []))).toEqual([
    ['meddler', 'plan'],
  ]);
});
