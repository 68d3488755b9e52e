import type { ResolvedProcess } from '../contract/config.ts';
import type { Veto } from '../contract/hooks.ts';
import type { ProcessView } from '../contract/process.ts';
import type { LaunchPlan } from '../contract/runner.ts';
import type { HookSet } from '../hooks/create.ts';
import { composeEnv, composePlan, identityOf } from './env.ts';
import type { HeldPort, PortAllocator } from './ports.ts';

export interface LaunchHost {
  readonly root: string;
  readonly stamp: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly hooks: HookSet;
  readonly ports: PortAllocator;
}

export interface Launch {
  readonly plan: LaunchPlan;
  /** Held until just before the spawn; absent for a process without a port. */
  readonly held?: HeldPort;
}

/**
 * Everything between "its dependencies are met" and the spawn: gate, port, plan, environment, in the order of the hooks.
 *
 * @throws PromptbinError of the port allocator
 */
export async function prepareLaunch(
  spec: ResolvedProcess,
  view: ProcessView,
  host: LaunchHost,
  sticky: number | undefined,
): Promise<Launch | { readonly veto: Veto }> {
  const { hooks } = host;
  const veto = await hooks.gate.promise(view);
  if (veto !== undefined) return { veto };

  const held = await holdPort(spec, view, host, sticky);
  try {
    const port = held?.port;
    const plan = hooks.plan.call(composePlan(spec, port), view);
    const generation = view.generation + 1;
    const facts = { ...host, base: host.env, generation, ...(port === undefined ? {} : { port }) };
    const env = await hooks.env.promise(Object.freeze(composeEnv(spec, facts)), view);
    return {
      plan: {
        ...plan,
        name: spec.name,
        generation,
        env: { ...env, ...identityOf(spec.name, facts) },
        host: spec.port?.host ?? '127.0.0.1',
        ...(port === undefined ? {} : { port }),
      },
      ...(held === undefined ? {} : { held }),
    };
  } catch (fault) {
    if (held !== undefined) dropPort(held, host.ports);
    throw fault;
  }
}

async function holdPort(
  spec: ResolvedProcess,
  view: ProcessView,
  { hooks, ports }: LaunchHost,
  sticky: number | undefined,
): Promise<HeldPort | undefined> {
  if (spec.port === undefined) return undefined;
  const { preferred, host, strict } = spec.port;
  const chosen = await hooks.port.promise({ preferred, host, taken: ports.taken() }, view);
  return ports.hold({
    preferred: chosen ?? preferred,
    host,
    strict,
    // An automatic restart comes back at the same URL; a port that a plugin chose wins over that.
    ...(sticky === undefined || chosen !== undefined ? {} : { sticky }),
  });
}

/** Gives back a port that will not be used after all. */
export function dropPort(held: HeldPort, ports: PortAllocator): void {
  held.release();
  ports.free(held.port);
}
