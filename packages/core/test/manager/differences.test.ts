import { type Config, definePlugin, type Plugin, type ProcessBase } from '@promptbin/core';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { resolveConfig } from '../../src/config/resolve.ts';
import { type ConfigState, type Difference, differencesOf } from '../../src/manager/differences.ts';
import { secretNames } from '../../src/secrets/names.ts';

/** Its fields are durations in ms, as those of real plugins are. */
const beat = definePlugin({
  name: 'beat',
  options: z.undefined(),
  fields: z
    .object({ every: z.union([z.number(), z.string().transform(Number)]), deep: z.object({ a: z.number() }) })
    .partial(),
  live: true,
  setup: () => {},
});
const plugins = [beat() as unknown as Plugin];
const base: ProcessBase = { command: 'node server.js', port: 5000, ready: { timeout: '5s' } };
type Extra = Partial<Omit<Config, 'processes'>>;

async function stateOf(process: object, extra: Extra = {}): Promise<ConfigState> {
  const written = { plugins, ...extra, processes: { web: { ...base, ...process }, db: { command: 'db' } } };
  const { resolved } = await resolveConfig(written, { root: '/project' });
  return { config: resolved, written };
}

async function compare(before: object, after: object, extra: readonly [Extra, Extra] = [{}, {}]) {
  const isSecret = secretNames([]);
  return differencesOf('web', await stateOf(before, extra[0]), await stateOf(after, extra[1]), {
    env: { PATH: '/bin', TZ: 'UTC' },
    isLive: (plugin) => plugin === 'beat',
    isSecret: (name) => isSecret(name) !== undefined,
    redact: (text) => text,
  });
}

const cases: [string, object, object, Difference[]][] = [
  [
    'a command, as a line',
    {},
    { command: ['node', 'server.js', 'a b'] },
    [{ path: 'command', from: 'node server.js', to: 'node server.js "a b"', effect: 'child' }],
  ],
  ['a folder, below the project', {}, { cwd: 'web' }, [{ path: 'cwd', from: '.', to: 'web', effect: 'child' }]],
  [
    'the kind',
    {},
    { kind: 'job', ready: {} },
    [
      { path: 'kind', from: 'service', to: 'job', effect: 'child' },
      { path: 'ready.timeout', from: 5000, to: 60_000, effect: 'readiness' },
      { path: 'ready.port', from: true, to: false, effect: 'readiness' },
    ],
  ],
  ['a preferred port', {}, { port: 5001 }, [{ path: 'port.preferred', from: 5000, to: 5001, effect: 'child' }]],
  [
    'a variable',
    { env: { A: '1', C: 'same' } },
    { env: { B: 2, C: 'same' } },
    [
      { path: 'env.A', from: '1', effect: 'child' },
      { path: 'env.B', to: '2', effect: 'child' },
    ],
  ],
  [
    'a variable of the manager that is taken out',
    {},
    { env: { TZ: null } },
    [{ path: 'env.TZ', from: 'UTC', effect: 'child' }],
  ],
  [
    'a secret, which is not shown',
    { env: { API_TOKEN: 'one-secret' } },
    { env: { API_TOKEN: 'two-secret' } },
    [{ path: 'env.API_TOKEN', from: '[secret]', to: '[secret]', effect: 'child' }],
  ],
  [
    'a line that says it is ready',
    { ready: { log: 'up' } },
    { ready: { log: /up/i } },
    [{ path: 'ready.log', from: 'up', to: '/up/i', effect: 'readiness' }],
  ],
  ['the grace', {}, { stop: { grace: '2s' } }, [{ path: 'stop.grace', from: 5000, to: 2000, effect: 'upkeep' }]],
  ['the log file', {}, { logs: { maxFiles: 1 } }, [{ path: 'logs.maxFiles', from: 5, to: 1, effect: 'upkeep' }]],
  ['autostart', {}, { autostart: false }, [{ path: 'autostart', from: true, to: false, effect: 'upkeep' }]],
  ['a dependency', {}, { dependsOn: ['db'] }, [{ path: 'dependsOn.db', to: 'ready', effect: 'live' }]],
  [
    'a field of a plugin, as it was written',
    { beat: { every: '5' } },
    { beat: { every: '10' } },
    [{ path: 'beat.every', from: '5', to: '10', effect: 'live' }],
  ],
  [
    'a field of a plugin that is new',
    {},
    { beat: { deep: { a: 1 } } },
    [{ path: 'beat', to: { deep: { a: 1 } }, effect: 'live' }],
  ],
];

describe('differences are told in the words of the file', () => {
  test.each(cases)('%s', async (_, before, after, expected) => {
    expect(await compare(before, after)).toEqual(expected);
  });

  test('what is written in another way and means the same is none', async () => {
    expect(await compare({ beat: { every: '5' } }, { beat: { every: 5 }, port: { preferred: 5000 } })).toEqual([]);
    expect(await compare({ command: ['node', 'server.js'] }, { command: 'node  server.js' })).toEqual([]);
    expect(await compare({}, { env: { NOT_THERE: null } })).toEqual([]);
  });

  test('what is shared is a difference of the process that a section describes, but for what promptbin itself reads', async () => {
    const shared = (debug: boolean, seconds: number): Extra => ({
      shared: { flask: { debug }, mcp: { health_check_interval: seconds } },
    });
    expect(await compare({ shared: 'flask' }, { shared: 'flask' }, [shared(false, 5), shared(true, 9)])).toEqual([
      { path: 'shared.flask.debug', from: false, to: true, effect: 'child' },
    ]);
    expect(await compare({}, {}, [shared(false, 5), shared(true, 5)])).toEqual([]);
  });

  test('the level that the config shares is a variable of every child', async () => {
    const level = (name: 'INFO' | 'DEBUG'): Extra => ({ shared: { logging: { level: name } } });
    expect(await compare({}, {}, [level('INFO'), level('DEBUG')])).toEqual([
      { path: 'env.PROMPTBIN_LOG_LEVEL', from: 'INFO', to: 'DEBUG', effect: 'child' },
    ]);
  });
});
