import type { Config, EnvInput, ProcessInput } from '../contract/config.ts';
import type { Plugin } from '../contract/plugin.ts';

/**
 * Types a config: the key of a plugin exists on a process only when that plugin is in the list. Returns what it is given.
 *
 * @example
 * export default defineConfig({
 *   plugins: [health(), restart()],
 *   processes: { web: { command: 'node server.js', port: 3000, health: { http: '/health' } } },
 * });
 */
export function defineConfig<const Ps extends readonly Plugin[] = []>(config: {
  plugins?: Ps;
  env?: EnvInput;
  envFile?: string | readonly string[];
  processes: Record<string, ProcessInput<Ps>>;
}): Config {
  return config;
}
