import { resolve } from 'node:path';
import type { ResolvedProcess } from '../contract/config.ts';
import type { SpawnPlan } from '../contract/hooks.ts';
import type { Account } from './account.ts';

export interface EnvFacts {
  readonly root: string;
  /** The manager's own environment. */
  readonly base: Readonly<Record<string, string | undefined>>;
  readonly stamp: string;
  readonly generation: number;
  /** The mark of its settings, for a manager that takes it over. */
  readonly settings?: string | undefined;
  readonly port?: number;
  /** The file with what the config shares, and its `logging.level`; absent when it shares nothing. */
  readonly sharedFile?: string | undefined;
  readonly logLevel?: string | undefined;
  /** Whom it runs as, when that is somebody else. */
  readonly account?: Account | undefined;
}

/** What tells of sockets that are handed over; those of this child are set where it is spawned. */
const handoffVariables = ['LISTEN_FDS', 'LISTEN_PID', 'LISTEN_FDNAMES'];

/** What a terminal of ours understands, as whoever attaches most likely does. */
export const usualTerm = 'xterm-256color';

/**
 * The environment of a child. Later wins: the manager's own, then what promptbin tells (port, mode, folder, level, shared
 * file), then the config's `env` and files; null removes. `{port}` and `{host}` are expanded in configured values only.
 */
export function composeEnv(spec: ResolvedProcess, facts: EnvFacts): Record<string, string> {
  const { base, port } = facts;
  const env: Record<string, string> = {};
  for (const [key, value] of Object.entries(base)) if (value !== undefined) env[key] = value;
  // Left by an outer promptbin or a shell: they would name a port, or a file, that is not this child's.
  for (const key of ['PORT', 'PROMPTBIN_PORT', 'PROMPTBIN_HOST', 'PROMPTBIN_CONFIG', ...handoffVariables])
    delete env[key];

  env.PROMPTBIN_MODE = 'managed';
  env.PROMPTBIN_DATA_DIR = resolve(facts.root, base.PROMPTBIN_DATA_DIR ?? 'data');
  env.PROMPTBIN_LOG_LEVEL = base.PROMPTBIN_LOG_LEVEL ?? facts.logLevel ?? 'info';
  // That of the manager is another one.
  if (spec.tty) env.TERM = usualTerm;
  if (facts.account !== undefined) Object.assign(env, identify(facts.account));
  if (facts.sharedFile !== undefined) env.PROMPTBIN_CONFIG = facts.sharedFile;
  if (port !== undefined && spec.port !== undefined) {
    for (const key of ['PORT', 'PROMPTBIN_PORT', ...spec.port.env]) env[key] = String(port);
    env.PROMPTBIN_HOST = spec.port.host;
  }
  for (const [key, value] of Object.entries(spec.env)) {
    if (value === null) delete env[key];
    else env[key] = expand(value, spec, port);
  }
  return { ...env, ...identityOf(spec.name, facts) };
}

/** Variables that no config and no plugin may change: the stamp by which a stray descendant is recognised. */
export function identityOf(
  name: string,
  facts: Pick<EnvFacts, 'root' | 'stamp' | 'generation' | 'settings'>,
): Record<string, string> {
  return {
    ...(facts.settings !== undefined && { PROMPTBIN_SETTINGS: facts.settings }),
    PROMPTBIN_PROCESS: name,
    PROMPTBIN_RUN: String(facts.generation),
    PROMPTBIN_STAMP: facts.stamp,
    PROMPTBIN_PROJECT: facts.root,
    PROMPTBIN_MANAGER_PID: String(process.pid),
  };
}

/** What to run, with `{port}` and `{host}` expanded. */
export function composePlan(spec: ResolvedProcess, port: number | undefined): SpawnPlan {
  return Object.freeze({
    command: expand(spec.command, spec, port),
    args: Object.freeze(spec.args.map((arg) => expand(arg, spec, port))),
    cwd: spec.cwd,
    shell: spec.shell,
  });
}

function identify({ name, home }: Account): Record<string, string> {
  return { USER: name, LOGNAME: name, ...(home !== undefined && { HOME: home }) };
}

function expand(text: string, spec: ResolvedProcess, port: number | undefined): string {
  if (spec.port === undefined || port === undefined) return text;
  return text.replaceAll('{port}', String(port)).replaceAll('{host}', spec.port.host);
}
