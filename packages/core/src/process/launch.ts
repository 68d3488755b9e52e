import type { ResolvedProcess } from '../contract/config.ts';
import type { Veto } from '../contract/hooks.ts';
import type { ProcessView } from '../contract/process.ts';
import type { ProcessAttributes } from '../contract/process-options.ts';
import type { LaunchPlan } from '../contract/runner.ts';
import type { HookSet } from '../hooks/create.ts';
import type { Redactor } from '../secrets/redactor.ts';
import { type Account, findAccount } from './account.ts';
import { composeEnv, composePlan, identityOf } from './env.ts';
import type { Tokens } from './env-stamp.ts';
import { settingsMark } from './fingerprint.ts';
import type { HeldPort, PortAllocator } from './ports.ts';
import { loadPty } from './pty.ts';
import type { SharedFile } from './shared-file.ts';

export interface LaunchHost {
  readonly root: string;
  readonly tokens: Tokens;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly hooks: HookSet;
  readonly ports: PortAllocator;
  readonly redactor: Redactor;
  readonly shared: SharedFile;
}

/** What the runs of a process before this one say about its port. */
export interface PortHistory {
  /** Of the last run: tried first. */
  readonly sticky: number | undefined;
  /** Those of this start that the app could not use. */
  readonly skip: ReadonlySet<number>;
}

export interface Launch {
  readonly plan: LaunchPlan;
  /** Held until just before the spawn; absent for a process without a port. */
  readonly held?: HeldPort;
}

/**
 * Everything between "its dependencies are met" and the spawn: gate, port, plan, environment, in the order of the hooks,
 * and the file of what is shared. The port is given back as soon as `signal` aborts, whatever a plugin is still thinking
 * about.
 *
 * @throws PromptbinError of the port allocator; `PB_SHARED_UNWRITABLE`, `PB_TTY_UNAVAILABLE`, `PB_SPAWN_FAILED`
 */
export async function prepareLaunch(
  spec: ResolvedProcess,
  view: ProcessView,
  host: LaunchHost,
  history: PortHistory,
  signal: AbortSignal,
): Promise<Launch | { readonly veto: Veto }> {
  const { hooks, shared } = host;
  const veto = await hooks.gate.promise(view);
  if (veto !== undefined) return { veto };

  if (spec.tty) await loadPty();
  const account = await findAccount(spec.name, spec.attributes);
  const held = await holdPort(spec, view, host, history, signal);
  const drop = (): void => {
    held?.release();
    // The one of the last run is still the process's.
    if (held !== undefined && held.port !== history.sticky) host.ports.free(held.port);
  };
  if (signal.aborted) drop();
  else signal.addEventListener('abort', drop, { once: true });

  const port = held?.port;
  const plan = hooks.plan.call(composePlan(spec, port), view);
  const generation = view.generation + 1;
  const isKept = spec.onManagerDeath === 'keep';
  const { root, tokens } = host;
  const facts = {
    root,
    ...(isKept ? { stamp: tokens.keep, settings: settingsMark(spec) } : { stamp: tokens.stop }),
    base: host.env,
    generation,
    account,
    ...shared.facts,
    ...(port === undefined ? {} : { port }),
  };
  const configured = await hooks.env.promise(Object.freeze(composeEnv(spec, facts)), view);
  const env = { ...configured, ...identityOf(spec.name, facts) };
  host.redactor.learn(spec.name, env);
  await shared.write({ spec, port, env });
  return {
    plan: {
      ...plan,
      name: spec.name,
      generation,
      env,
      host: spec.port?.host ?? '127.0.0.1',
      graceMs: spec.stop.graceMs,
      ...(port === undefined ? {} : { port }),
      ...(spec.stdin === 'pipe' && { stdin: 'pipe' }),
      ...(spec.tty && { tty: true }),
      ...(isKept && { keep: true }),
      attributes: takeOn(spec.attributes, account),
    },
    ...(held === undefined ? {} : { held }),
  };
}

/** What it has already is not asked for. */
function takeOn({ user: _, ...others }: ProcessAttributes, account: Account | undefined): ProcessAttributes {
  if (account === undefined) return others;
  return { ...others, user: account.name, group: others.group ?? String(account.gid) };
}

async function holdPort(
  spec: ResolvedProcess,
  view: ProcessView,
  { hooks, ports }: LaunchHost,
  { sticky, skip }: PortHistory,
  signal: AbortSignal,
): Promise<HeldPort | undefined> {
  if (spec.port === undefined) return undefined;
  const { preferred, host, strict, handoff } = spec.port;
  const taken = new Set([...ports.taken(), ...skip]);
  if (sticky !== undefined) taken.delete(sticky);
  const chosen = await hooks.port.promise(Object.freeze({ preferred, host, taken }), view);
  // The attempt that follows this one must find the port free.
  signal.throwIfAborted();
  // An automatic restart comes back at the same URL; a port that a plugin chose wins over that.
  const again = sticky !== undefined && (chosen === undefined || chosen === sticky);
  return ports.hold({ preferred: chosen ?? preferred, host, strict, handoff, skip, ...(again && { sticky }) });
}
