import type { Config, ConfigEnv } from '../contract/config.ts';
import type { Checked, ConfigFunction, Definition, Files, Outline, Plugins } from '../contract/definition.ts';

/**
 * Types a config, an object or a function that makes one when the config is read: the key of a plugin exists on a process
 * only when that plugin is in the list. With `extends`, what is inherited may be left out, and null takes it out. Returns
 * what it is given.
 *
 * @example
 * export default defineConfig({
 *   plugins: [health(), restart()],
 *   processes: { web: { command: 'node server.js', port: 3000, health: { http: '/health' } } },
 * });
 *
 * @example
 * export default defineConfig(({ env, mode }) => ({
 *   processes: { web: { command: ['node', 'server.js', mode], port: Number(env.WEB_PORT ?? 3000) } },
 * }));
 */
export function defineConfig<const Ps extends Plugins = [], const E extends Files = never, const R = never>(
  config:
    | Definition<Ps, E>
    | ((env: ConfigEnv) => R & Outline & NoInfer<Checked<R>>)
    | ((env: ConfigEnv) => R & Promise<Outline> & NoInfer<Checked<R>>),
): [R] extends [never] ? Config : ConfigFunction;
export function defineConfig(config: unknown): unknown {
  return config;
}
