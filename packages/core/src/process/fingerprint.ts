import { createHash } from 'node:crypto';
import type { ResolvedProcess } from '../contract/config.ts';
import type { LaunchPlan } from '../contract/runner.ts';
import type { Fingerprint } from '../state/fingerprint.ts';

/** Variables of the environment around the manager which decide what a program finds and how it behaves. */
const telling: readonly string[] = [
  ...['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'LD_LIBRARY_PATH'],
  ...['NODE_ENV', 'NODE_OPTIONS', 'NODE_PATH', 'PYTHONPATH', 'VIRTUAL_ENV', 'FLASK_ENV', 'JAVA_HOME', 'RUBYOPT'],
];

/** So little of a digest that it tells a change, and next to nothing of a secret. */
const digits = 3;

/** What a run was made of, so that another one can be compared with it without either being known. */
export function fingerprintOf({ command, args, cwd, shell, env }: LaunchPlan, spec: ResolvedProcess): Fingerprint {
  const names = [...new Set([...Object.keys(spec.env), ...telling])].filter((name) => env[name] !== undefined);
  return {
    command: mark([command, ...args, String(shell)]),
    cwd: mark([cwd]),
    ...Object.fromEntries(
      Object.entries(spec.attributes).map(([name, value]) => [name, mark([JSON.stringify(value)])]),
    ),
    ...Object.fromEntries(names.map((name) => [`env.${name}`, mark([env[name] ?? ''])])),
  };
}

function mark(texts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, digits);
}
