// Checked by the compiler alone: each `@ts-expect-error` fails the build when the line below it compiles.
import * as z from 'zod';
import { type Config, defineConfig, definePlugin, type Plugin } from '../../src/index.ts';

const health = definePlugin({
  name: 'health',
  options: z.strictObject({ period: z.number() }).optional(),
  fields: z.strictObject({ http: z.string().optional(), retries: z.number().default(3) }),
  setup() {},
});
const restart = definePlugin({
  name: 'restart',
  options: z.undefined(),
  fields: z.strictObject({ policy: z.enum(['always', 'on-failure']) }),
  setup() {},
});

const command = 'node server.js';

// The keys of listed plugins, and what core knows.
defineConfig({
  plugins: [health(), restart()],
  env: { A: 'x', B: 1, C: true, D: null },
  envFile: ['.env'],
  processes: {
    web: { command, port: 5000, health: { http: '/health' }, restart: { policy: 'always' } },
    api: {
      command: ['node', 'api.js'],
      port: { preferred: 1, env: ['P'] },
      ready: { log: /ready on \d+/, timeout: '2s' },
    },
    job: { command, kind: 'job', dependsOn: { web: 'ready', api: 'started' }, logs: { ring: '64kb' } },
    old: { command, dependsOn: ['web'], stop: { signal: 'SIGINT', grace: 500 } },
  },
});
defineConfig({ processes: {} });
export const config = defineConfig({
  plugins: [],
  processes: { web: { command, ready: { log: 'ready' } } },
}) satisfies Config;

// A list that is made elsewhere.
const plugins = [health({ period: 5 })] as const;
defineConfig({ plugins, processes: { web: { command, health: {} } } });

// A list of which nothing is known takes any key: the check at run time has the last word.
const some: readonly Plugin[] = [health()];
defineConfig({ plugins: some, processes: { web: { command, whatever: {} } } });

// @ts-expect-error: its plugin is not listed
defineConfig({ processes: { web: { command, health: {} } } });
// @ts-expect-error: its plugin is not listed
defineConfig({ plugins: [], processes: { web: { command, health: {} } } });
// @ts-expect-error: another plugin is listed
defineConfig({ plugins: [restart()], processes: { web: { command, health: {} } } });
// @ts-expect-error: a misspelled key of a plugin
defineConfig({ plugins: [restart()], processes: { web: { command, restrt: { policy: 'always' } } } });
// @ts-expect-error: a misspelled key of core
defineConfig({ plugins: [restart()], processes: { web: { command, prot: 5000 } } });
// @ts-expect-error: a misspelled key of core, no plugins
defineConfig({ processes: { web: { command, depends_on: ['db'] } } });
// @ts-expect-error: a misspelled key inside the fields of a plugin
defineConfig({ plugins: [health()], processes: { web: { command, health: { htp: '/' } } } });
// @ts-expect-error: a misspelled key inside a key of core
defineConfig({ plugins: [health()], processes: { web: { command, stop: { grce: 5 } } } });
// @ts-expect-error: a misspelled key of the config
defineConfig({ procesess: {}, processes: {} });
// @ts-expect-error: a wrong value in the fields of a plugin
defineConfig({ plugins: [restart()], processes: { web: { command, restart: { policy: 'sometimes' } } } });
defineConfig({
  plugins: [health(), restart()],
  processes: {
    web: { command, restart: { policy: 'always' } },
    // @ts-expect-error: a misspelled key, two plugins, the second process
    api: { command, restrt: { policy: 'always' } },
  },
});
// @ts-expect-error: a command is needed
defineConfig({ processes: { web: { port: 5000 } } });
// @ts-expect-error: a command has at least one word
defineConfig({ processes: { web: { command: [] } } });
// @ts-expect-error: no unit of time
defineConfig({ processes: { web: { command, stop: { grace: '5 seconds' } } } });
// @ts-expect-error: no signal
defineConfig({ processes: { web: { command, stop: { signal: 'TERM' } } } });
// @ts-expect-error: a later version may have it, this one has not
defineConfig({ processes: { web: { command, essential: true } } });
// @ts-expect-error: the factory was not called
defineConfig({ plugins: [health], processes: {} });
// @ts-expect-error: in TypeScript a plugin is imported, not named
defineConfig({ plugins: ['@promptbin/plugin-health'], processes: {} });
