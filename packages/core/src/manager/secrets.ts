import type { ResolvedConfig } from '../contract/config.ts';
import { causeCodes } from '../contract/process.ts';
import type { Redactor } from '../secrets/redactor.ts';
import { table } from '../state/table.ts';

/** Words of promptbin's own, by which programs tell one thing from another: a password may be one of them. */
const words: readonly string[] = [
  ...Object.keys(table),
  ...Object.keys(table.stopped),
  ...causeCodes,
  ...['service', 'unknown', 'healthy', 'degraded'],
];

/** Takes note of what a config, and the environment that its processes inherit, hold of secrets. */
export function learnSecrets(
  redactor: Redactor,
  { root, file, secrets, shared, processes }: ResolvedConfig,
  env: Readonly<Record<string, string | undefined>>,
): void {
  const names = Object.keys(processes);
  redactor.configure(secrets, [...words, ...names, root, ...(file === undefined ? [] : [file])]);
  redactor.learn('the manager', env);
  redactor.learn('shared', shared);
  // Beside what is known of the environment in which it runs, which may be another one since a reload.
  for (const { name, env: own } of Object.values(processes)) redactor.learn(`config of ${name}`, { ...env, ...own });
}

/** Takes note of a config that may come into force: what goes wrong before must not tell what it holds. */
export function learnNextSecrets(redactor: Redactor, { shared, processes }: ResolvedConfig): void {
  redactor.learn('the next config', [shared, ...Object.values(processes).map(({ env }) => env)]);
}
