import type { Cause, StopReceipt } from '../contract/process.ts';
import { isWish, makeCause } from '../process/causes.ts';
import { startOrder } from '../process/dependencies.ts';
import { dependantsOf, type Graph } from '../process/graph.ts';
import { isAlive, isUp } from '../state/phases.ts';
import { type Ending, endInOrder } from './end.ts';
import type { Kernel } from './kernel.ts';

/**
 * What people, plugins and dependencies ask of a process, with what that means for others. Every method is called in a turn
 * of the mailbox.
 */
export class Requests {
  readonly #kernel: Kernel;
  readonly #handles: ReadonlyMap<string, Ending>;

  constructor(kernel: Kernel, handles: ReadonlyMap<string, Ending>) {
    this.#kernel = kernel;
    this.#handles = handles;
  }

  /** What it depends on and is down comes up with it, unless it is to begin `alone`. Default: as it began before. */
  start(name: string, cause: Cause, alone?: boolean): void {
    this.#begin('start', name, cause, alone);
  }

  restart(name: string, cause: Cause): void {
    this.#begin('restart', name, cause);
  }

  /**
   * Those that depend on it and are up are ended first, each with its own grace; what survives of them does not hold this one
   * up. All are wanted down from this turn on: whichever is started before its end begins goes on.
   */
  async stop(handle: Ending, cause: Cause, graceMs?: number): Promise<StopReceipt> {
    const { supervisors, clock } = this.#kernel;
    const { name } = handle;
    const graph: Graph = Object.fromEntries([...supervisors].map(([key, { spec }]) => [key, spec]));
    const dependants = isUp(handle.view) ? dependantsOf(graph, name).flatMap((one) => this.#up(one)) : [];
    if (dependants.length === 0) return handle.end(cause, { graceMs });

    const began = clock.now();
    const first = makeCause(cause.code, `${name} is being stopped (${cause.message})`);
    for (const dependant of dependants) supervisors.get(dependant.name)?.dismiss(first);
    supervisors.get(name)?.dismiss(cause);
    const ended = endInOrder(dependants, graph, (dependant) =>
      // One that is removed meanwhile, or with the manager, has been ended by others.
      dependant.end(first, { unlessWanted: true }).catch(() => undefined),
    );
    const end = (): Promise<StopReceipt> => handle.end(cause, { graceMs, unlessWanted: true });
    // What does not run, or is ending already, has nobody to outlive.
    const own = isAlive(handle.view) ? ended.then(end) : end();
    const [receipts, receipt] = await Promise.all([ended, own]);
    return { ...receipt, tookMs: clock.now() - began, dependants: receipts };
  }

  #begin(action: 'start' | 'restart', name: string, cause: Cause, alone?: boolean): void {
    const supervisor = this.#kernel.supervisors.get(name);
    if (supervisor === undefined) return;
    supervisor.alone = alone ?? supervisor.alone;
    if (!supervisor.alone) this.#startDependencies(name, cause);
    supervisor[action](cause);
  }

  // Those that run or have completed are left alone, and those that have failed or are to be tried again unless somebody wants it.
  #startDependencies(name: string, cause: Cause): void {
    const { config, supervisors, stateOf } = this.#kernel;
    for (const needed of startOrder(config.processes, [name], stateOf)) {
      const { phase } = stateOf(needed);
      const isTrying = phase === 'failed' || phase === 'backoff';
      if (needed === name || (isTrying && !isWish(cause))) continue;
      supervisors.get(needed)?.start(makeCause(cause.code, `${name} depends on it (${cause.message})`));
    }
  }

  #up(name: string): readonly Ending[] {
    const handle = this.#handles.get(name);
    return handle !== undefined && isUp(handle.view) ? [handle] : [];
  }
}
