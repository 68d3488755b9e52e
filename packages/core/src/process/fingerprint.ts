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
/** Only the process itself gets it, which has the secrets. */
const settingsDigits = 16;

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

/** Of all that a config says of how a run is made: a run that is taken over is compared by it with what is in force then. */
export function settingsMark({ command, args, shell, cwd, env, port, attributes, shared }: ResolvedProcess): string {
  return digest(JSON.stringify([command, args, shell, cwd, env, port, attributes, shared])).slice(0, settingsDigits);
}

function mark(texts: readonly string[]): string {
  return digest(JSON.stringify(texts)).slice(0, digits);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
