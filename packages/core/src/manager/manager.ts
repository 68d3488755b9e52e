import type { CommandPort } from '../contract/commands.ts';
import type { Manager } from '../contract/manager.ts';
import { requested } from '../process/causes.ts';
import { startOrder } from '../process/dependencies.ts';
import { closedError, type ProcessHandle } from './handle.ts';
import type { Kernel } from './kernel.ts';
import { addListener } from './listeners.ts';
import { findNamed } from './named.ts';
import type { Reloading } from './reload.ts';

export interface ManagerParts {
  readonly root: string;
  readonly kernel: Kernel;
  readonly port: CommandPort;
  /** Filled once the config is settled. */
  readonly handles: ReadonlyMap<string, ProcessHandle>;
  readonly views: Manager['processes'];
  readonly reloading: Reloading;
  readonly close: Manager['close'];
}

/** The manager as programs see it. */
export function assembleManager({ root, kernel, port, handles, views, reloading, close }: ManagerParts): Manager {
  const { post, supervisors, closing } = kernel;
  return {
    ...port,
    root,
    async start(names, { dependencies = true } = {}) {
      for (const name of names ?? []) findNamed(handles, name);
      if (closing.aborted) throw closedError();
      const { processes } = kernel.config;
      const wanted = names ?? Object.values(processes).flatMap((spec) => (spec.autostart ? [spec.name] : []));
      // One turn for all: a rank is spawned together, and each process finds its dependencies wanted already.
      post(() => {
        for (const name of dependencies ? startOrder(processes, wanted, kernel.stateOf) : wanted) {
          const supervisor = supervisors.get(name);
          if (supervisor === undefined) continue;
          supervisor.alone = !dependencies;
          supervisor.start(requested('started with the manager'));
        }
      });
    },
    process: (name) => findNamed(handles, name),
    processes: views,
    reload: (config, options) => reloading.reload(config, options),
    on: (type, fn) => addListener(kernel, type, fn),
    close,
    [Symbol.asyncDispose]: async () => void (await close('disposed')),
  };
}
