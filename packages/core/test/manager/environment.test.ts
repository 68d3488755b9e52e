import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
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
    PROMPTBIN_DATA_DIR: join(root, 'data'),
    PROMPTBIN_LOG_LEVEL: 'info',
  });
  expect(env.PROMPTBIN_STAMP).toMatch(/^[0-9a-f-]{36}$/);
  expect(env).not.toHaveProperty('GONE');
  expect(env).not.toHaveProperty('GONE_FOR_ALL');
  expect(env.PORT).toMatch(/^\d+$/);
});

test('files are between the variables of the manager and those written in the config', async () => {
  const { root } = await testManager({ processes: {} });
  writeFileSync(join(root, 'all.env'), 'A=all-file\nB=all-file\nC=all-file\nD=all-file\n');
  writeFileSync(join(root, 'web.env'), 'C=web-file\nD=web-file\n');
  const { manager } = await testManager(
    {
      env: { B: 'all', C: 'all', D: 'all' },
      envFile: 'all.env',
      processes: { web: { ...dump, envFile: ['web.env'], env: { D: 'web' } } },
    },
    { root, env: { PATH: process.env.PATH, A: 'inherited' } },
  );
  await manager.process('web').start();
  expect(environment(root, 'web')).toMatchObject({ A: 'all-file', B: 'all', C: 'web-file', D: 'web' });
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
