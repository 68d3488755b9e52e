// Checked by the compiler alone: a config that is made by a function is checked as strictly as one that is written out.

import * as z from 'zod';
import { type ConfigFunction, defineConfig, type Plugin } from '../../src/index.ts';
import { command, health, pause, restart, tag, want } from './plugins.ts';

export const sync: ConfigFunction = defineConfig(() => ({ processes: { web: { command } } }));
export const async: ConfigFunction = defineConfig(async () => ({ processes: { web: { command } } }));
defineConfig(async () => ({
  plugins: [tag({ colour: 'red' })],
  processes: { web: { command: ['a', 'b'], kind: 'job', stop: { grace: '5s' }, tag: { list: ['a'], pair: ['a', 1] } } },
}));
defineConfig(({ env, mode }) => ({
  plugins: [health(), tag({ colour: 'red' })],
  env: { MODE: mode, WHO: env.USER ?? null },
  processes: {
    web: {
      command: ['node', 'server.js', mode],
      port: Number(env.WEB_PORT ?? 3000),
      kind: 'service',
      ready: { log: /ready/, timeout: mode === 'production' ? '60s' : '5s' },
      stop: { grace: pause },
      tag: { list: ['a', mode], pair: ['a', 1], any: { deep: [1, { x: null }] } },
      dependsOn: { db: 'completed' },
    },
    db: mode === 'test' ? { command: ['a', 'b'], kind: 'job' } : { command, health: { http: '/', period: '1s' } },
    ...(mode === 'development' ? { mail: { command, logs: { ring: '64kb' } } } : {}),
  },
}));
defineConfig(({ mode }) => {
  if (mode === 'test') return { processes: {} };
  return { plugins: [health()], processes: { web: { command, health: '/health' } } };
});
defineConfig(() => ({ extends: './base.json' }));
defineConfig(async ({ mode }) => ({
  extends: ['./base.json', `./${mode}.json`],
  plugins: [health()],
  processes: { web: { port: null, health: { http: null }, stop: { grace: null } }, db: null },
}));
defineConfig(() => ({
  plugins: [want()],
  processes: {
    web: { command, want: { json: { status: 'ok', checks: [{ db: null }] } } },
    api: { command, want: { json: { check: (value: unknown) => value === 1 } } },
    job: { command, kind: 'job', want: { schema: z.object({ status: z.enum(['ok', 'slow']) }) } },
  },
}));
const some: readonly Plugin[] = [health()];
defineConfig(() => ({ plugins: some, processes: { web: { command, whatever: {} } } }));

// @ts-expect-error: its plugin is not listed
defineConfig(() => ({ processes: { web: { command, health: '/health' } } }));
// @ts-expect-error: another plugin is listed
defineConfig(async () => ({ plugins: [health()], processes: { web: { command, restart: { policy: 'always' } } } }));
// @ts-expect-error: a misspelled key of a plugin
defineConfig(() => ({ plugins: [restart()], processes: { web: { command, restrt: { policy: 'always' } } } }));
// @ts-expect-error: a misspelled key inside the fields of a plugin
defineConfig(() => ({ plugins: [health()], processes: { web: { command, health: { htp: '/' } } } }));
// @ts-expect-error: a wrong value in the fields of a plugin
defineConfig(() => ({ plugins: [restart()], processes: { web: { command, restart: { policy: 'sometimes' } } } }));
// @ts-expect-error: a wrong item in a list of a plugin
defineConfig(() => ({ plugins: [tag({ colour: 'red' })], processes: { web: { command, tag: { list: [1] } } } }));
// @ts-expect-error: no JSON
defineConfig(() => ({ plugins: [want()], processes: { web: { command, want: { json: { at: new Date() } } } } }));
// @ts-expect-error: no schema
defineConfig(() => ({ plugins: [want()], processes: { web: { command, want: { schema: new Map() } } } }));
// @ts-expect-error: what a plugin needs is missing
defineConfig(() => ({ plugins: [tag({ colour: 'red' })], processes: { web: { command, tag: { pair: ['a', 1] } } } }));
// @ts-expect-error: a misspelled option
defineConfig(() => ({ plugins: [health({ priod: 5 })], processes: {} }));
// @ts-expect-error: the factory was not called
defineConfig(() => ({ plugins: [health], processes: {} }));
// @ts-expect-error: in TypeScript a plugin is imported, not named
defineConfig(() => ({ plugins: ['@promptbin/plugin-health'], processes: {} }));
// @ts-expect-error: a misspelled key
defineConfig(() => ({ processes: { web: { command, prot: 5000 } } }));
// @ts-expect-error: a misspelled key, from an async function
defineConfig(async () => ({ processes: { web: { command, prot: 5000 } } }));
// @ts-expect-error: a misspelled key, after a return
defineConfig(() => {
  return { processes: { web: { command, prot: 5000 } } };
});
// @ts-expect-error: a misspelled key, in one of two returns
defineConfig(({ mode }) => {
  if (mode === 'test') return { processes: { web: { command, prot: 5000 } } };
  return { processes: { web: { command } } };
});
// @ts-expect-error: a misspelled key, behind a condition
defineConfig(({ mode }) => ({ processes: { web: mode === 'test' ? { command, prot: 5000 } : { command } } }));
// @ts-expect-error: a misspelled key inside a key
defineConfig(() => ({ processes: { web: { command, stop: { grce: 5 } } } }));
// @ts-expect-error: a misspelled key of the config
defineConfig(() => ({ procesess: {}, processes: {} }));
// @ts-expect-error: a command is needed
defineConfig(() => ({ processes: { web: { port: 5000 } } }));
// @ts-expect-error: a command has at least one word
defineConfig(() => ({ processes: { web: { command: [] } } }));
// @ts-expect-error: no unit of time
defineConfig(() => ({ processes: { web: { command, stop: { grace: '5 minutes' } } } }));
// @ts-expect-error: no unit of time, behind a condition
defineConfig(({ mode }) => ({ processes: { web: { command, stop: { grace: mode === 'test' ? '5s' : '5 min' } } } }));
// @ts-expect-error: any text is no duration
defineConfig(({ env }) => ({ processes: { web: { command, stop: { grace: env.GRACE ?? '5s' } } } }));
// @ts-expect-error: no size
defineConfig(() => ({ processes: { web: { command, logs: { maxSize: '10 MiB' } } } }));
// @ts-expect-error: no signal
defineConfig(() => ({ processes: { web: { command, stop: { signal: 'TERM' } } } }));
// @ts-expect-error: a port is a number
defineConfig(({ env }) => ({ processes: { web: { command, port: env.PORT } } }));
// @ts-expect-error: nothing is inherited
defineConfig(() => ({ processes: { web: null } }));
// @ts-expect-error: nothing is inherited
defineConfig(() => ({ processes: { web: { command, port: null } } }));
// @ts-expect-error: a misspelled key, in a config that extends another
defineConfig(() => ({ extends: './base.json', processes: { web: { prot: 5000 } } }));
// @ts-expect-error: a wrong value, in a config that extends another
defineConfig(() => ({ extends: './base.json', processes: { web: { port: '5000' } } }));
// @ts-expect-error: a key that no function is given
defineConfig(({ production }) => ({ processes: { web: { command, autostart: production } } }));
// @ts-expect-error: there is nothing to manage
defineConfig(() => ({}));
// @ts-expect-error: nothing is returned
defineConfig(() => {});
// @ts-expect-error: a config is an object
defineConfig(() => []);
// @ts-expect-error: a config is an object
defineConfig(async () => 'promptbin.config.json');
