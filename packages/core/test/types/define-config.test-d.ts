// Checked by the compiler alone: each `@ts-expect-error` fails the build when the line below it compiles.
import { type Config, defineConfig, type Plugin } from '../../src/index.ts';
import { command, health, pause, restart, tag } from './plugins.ts';

// The keys of listed plugins, and what core knows.
defineConfig({
  plugins: [health(), restart()],
  env: { A: 'x', B: 1, C: true, D: null },
  envFile: ['.env'],
  secrets: ['STRIPE_*', '!PUBLIC_KEY'],
  shared: { flask: { port: 5000 }, logging: { level: 'INFO', format: 'json' }, mine: { list: [1, null] } },
  processes: {
    web: { command, port: 5000, shared: 'flask', health: { http: '/health' }, restart: { policy: 'always' } },
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
defineConfig({ processes: { web: { command, stop: { grace: '1.5s' }, logs: { maxSize: '1.5gb', ring: 1024 } } } });
defineConfig({ processes: { web: { command, ready: { timeout: pause } } } });
export const config: Config = defineConfig({
  plugins: [],
  processes: { web: { command, ready: { log: 'ready' } } },
});

// A list that is made elsewhere.
const plugins = [health({ period: 5 })] as const;
defineConfig({ plugins, processes: { web: { command, health: {} } } });

// A list of which nothing is known takes any key: the check at run time has the last word.
const some: readonly Plugin[] = [health()];
defineConfig({ plugins: some, processes: { web: { command, whatever: {} } } });

// Keys of plugins

// @ts-expect-error: its plugin is not listed
defineConfig({ processes: { web: { command, health: {} } } });
// @ts-expect-error: its plugin is not listed
defineConfig({ plugins: [], processes: { web: { command, health: {} } } });
// @ts-expect-error: another plugin is listed
defineConfig({ plugins: [restart()], processes: { web: { command, health: {} } } });
// @ts-expect-error: a misspelled key of a plugin
defineConfig({ plugins: [restart()], processes: { web: { command, restrt: { policy: 'always' } } } });
// @ts-expect-error: a misspelled key inside the fields of a plugin
defineConfig({ plugins: [health()], processes: { web: { command, health: { htp: '/' } } } });
// @ts-expect-error: a wrong value in the fields of a plugin
defineConfig({ plugins: [restart()], processes: { web: { command, restart: { policy: 'sometimes' } } } });
// @ts-expect-error: a wrong unit in the fields of a plugin
defineConfig({ plugins: [health()], processes: { web: { command, health: { period: '5 minutes' } } } });
// @ts-expect-error: a shorthand of the wrong kind
defineConfig({ plugins: [health()], processes: { web: { command, health: true } } });
defineConfig({
  plugins: [health(), restart()],
  processes: {
    web: { command, restart: { policy: 'always' } },
    // @ts-expect-error: a misspelled key, two plugins, the second process
    api: { command, restrt: { policy: 'always' } },
  },
});

// Plugins and their options

// @ts-expect-error: the factory was not called
defineConfig({ plugins: [health], processes: {} });
// @ts-expect-error: in TypeScript a plugin is imported, not named
defineConfig({ plugins: ['@promptbin/plugin-health'], processes: {} });
// @ts-expect-error: options are given to the factory
defineConfig({ plugins: [[health(), { period: 5 }]], processes: {} });
// @ts-expect-error: a misspelled option
defineConfig({ plugins: [health({ priod: 5 })], processes: {} });
// @ts-expect-error: a wrong unit in an option
defineConfig({ plugins: [health({ period: '5 min' })], processes: {} });
// @ts-expect-error: it has no options
defineConfig({ plugins: [restart({})], processes: {} });
// @ts-expect-error: its options are needed
defineConfig({ plugins: [tag()], processes: {} });
// @ts-expect-error: one that is none of the values
defineConfig({ plugins: [tag({ colour: 'green' })], processes: {} });

// Keys of core

// @ts-expect-error: a misspelled key
defineConfig({ plugins: [restart()], processes: { web: { command, prot: 5000 } } });
// @ts-expect-error: a misspelled key, no plugins
defineConfig({ processes: { web: { command, depends_on: ['db'] } } });
// @ts-expect-error: a misspelled key inside a key
defineConfig({ plugins: [health()], processes: { web: { command, stop: { grce: 5 } } } });
// @ts-expect-error: a misspelled key of the config
defineConfig({ procesess: {}, processes: {} });
// @ts-expect-error: a misspelled key in the section of shared that is known
defineConfig({ shared: { flask: { prot: 5000 } }, processes: {} });
// @ts-expect-error: a later version may have it, this one has not
defineConfig({ processes: { web: { command, handoff: true } } });
// @ts-expect-error: there is nothing to manage
defineConfig({ plugins: [health()] });
// @ts-expect-error: there is nothing in it
defineConfig({});
// @ts-expect-error: a config is an object
defineConfig([]);
// @ts-expect-error: a config is an object
defineConfig('promptbin.config.json');

// Values of core

// @ts-expect-error: a command is needed
defineConfig({ processes: { web: { port: 5000 } } });
// @ts-expect-error: a command has at least one word
defineConfig({ processes: { web: { command: [] } } });
// @ts-expect-error: the words of a command are text
defineConfig({ processes: { web: { command: ['sleep', 5] } } });
// @ts-expect-error: a process is an object
defineConfig({ processes: { web: 'npm start' } });
// @ts-expect-error: no unit of time
defineConfig({ processes: { web: { command, stop: { grace: '5 minutes' } } } });
// @ts-expect-error: no unit of time that promptbin takes
defineConfig({ processes: { web: { command, stop: { grace: '5d' } } } });
// @ts-expect-error: a number with its unit left out
defineConfig({ processes: { web: { command, ready: { timeout: '500' } } } });
// @ts-expect-error: a size is no duration
defineConfig({ processes: { web: { command, ready: { timeout: '5mb' } } } });
// @ts-expect-error: units are written small
defineConfig({ processes: { web: { command, logs: { maxSize: '10MB' } } } });
// @ts-expect-error: a duration is no size
defineConfig({ processes: { web: { command, logs: { ring: '10s' } } } });
// @ts-expect-error: no signal
defineConfig({ processes: { web: { command, stop: { signal: 'TERM' } } } });
// @ts-expect-error: no signal
defineConfig({ processes: { web: { command, stop: { signal: 15 } } } });
// @ts-expect-error: a port is a number
defineConfig({ processes: { web: { command, port: '5000' } } });
// @ts-expect-error: a port of its own
defineConfig({ processes: { web: { command, port: { prefered: 5000 } } } });
// @ts-expect-error: no kind
defineConfig({ processes: { web: { command, kind: 'task' } } });
// @ts-expect-error: no state of a dependency
defineConfig({ processes: { web: { command, dependsOn: { db: 'healthy' } } } });
// @ts-expect-error: a list, also of one
defineConfig({ processes: { web: { command, dependsOn: 'db' } } });
// @ts-expect-error: true or false
defineConfig({ processes: { web: { command, autostart: 'yes' } } });
// @ts-expect-error: a variable is text, a number, true, false or null
defineConfig({ processes: { web: { command, env: { A: { b: 1 } } } } });
// @ts-expect-error: names, in a list
defineConfig({ secrets: 'TOKEN', processes: {} });

// Null takes out what is inherited, and here nothing is

// @ts-expect-error: nothing is inherited
defineConfig({ processes: { web: null } });
// @ts-expect-error: nothing is inherited
defineConfig({ processes: { web: { command, port: null } } });
// @ts-expect-error: nothing is inherited
defineConfig({ plugins: [health()], processes: { web: { command, health: null } } });
