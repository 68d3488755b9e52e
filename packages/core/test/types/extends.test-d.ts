// Checked by the compiler alone: a config that extends others inherits what it leaves out.
import { type Config, defineConfig } from '../../src/index.ts';
import { command, health, restart } from './plugins.ts';

export const config: Config = defineConfig({ extends: './base.json' });
defineConfig({ extends: ['./base.json', './local.yaml'], env: { TZ: null }, processes: { web: { port: 1 } } });
defineConfig({ extends: './base.json', processes: { added: { command }, taken: null } });
defineConfig({
  extends: './base.json',
  plugins: [health(), restart()],
  processes: {
    web: { cwd: null, env: { A: null }, health: null, stop: { grace: null }, port: { strict: true, host: null } },
    api: { env: null, health: { period: null }, restart: { policy: 'always' }, ready: null, shared: null },
  },
});

// @ts-expect-error: a misspelled key of the config
defineConfig({ extends: './base.json', plugin: [] });
// @ts-expect-error: a misspelled key
defineConfig({ extends: './base.json', processes: { web: { prot: 1 } } });
// @ts-expect-error: a misspelled key inside a key
defineConfig({ extends: './base.json', processes: { web: { stop: { grce: '5s' } } } });
// @ts-expect-error: a wrong value
defineConfig({ extends: './base.json', processes: { web: { port: '1' } } });
// @ts-expect-error: no unit
defineConfig({ extends: './base.json', processes: { web: { stop: { grace: '5 seconds' } } } });
// @ts-expect-error: a plugin is listed where its key is used
defineConfig({ extends: './base.json', processes: { web: { health: '/health' } } });
// @ts-expect-error: a misspelled key inside the fields of a plugin
defineConfig({ extends: './base.json', plugins: [health()], processes: { web: { health: { htp: '/' } } } });
// @ts-expect-error: an item of a list cannot be taken out
defineConfig({ extends: './base.json', processes: { web: { command: ['node', null] } } });
// @ts-expect-error: all processes at once cannot be taken out
defineConfig({ extends: './base.json', processes: null });
// @ts-expect-error: a file name, or several
defineConfig({ extends: true, processes: {} });
