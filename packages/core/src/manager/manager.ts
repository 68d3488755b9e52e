import type { CommandRegistry } from '../commands/registry.ts';
import { nearest } from '../config/suggest.ts';
import type { Manager } from '../contract/manager.ts';
import { PromptbinError } from '../errors/error.ts';
import { requested } from '../process/causes.ts';
import { withDependencies } from '../process/graph.ts';
import { closedError, type ProcessHandle } from './handle.ts';
import type { Kernel } from './kernel.ts';
import { addListener } from './listeners.ts';
import type { Reloading } from './reload.ts';
import { followEvents } from './subscribe.ts';

export interface ManagerParts {
  readonly root: string;
  readonly kernel: Kernel;
  readonly registry: CommandRegistry;
  /** Filled once the config is settled. */
  readonly handles: ReadonlyMap<string, ProcessHandle>;
  readonly views: Manager['processes'];
  readonly reloading: Reloading;
  readonly close: Manager['close'];
}

/** The manager as programs see it. */
export function assembleManager({ root, kernel, registry, handles, views, reloading, close }: ManagerParts): Manager {
  const { post, bus, supervisors, closing, closed } = kernel;
  return {
    root,
    async start(names) {
      for (const name of names ?? []) findHandle(handles, name);
      if (closing.aborted) throw closedError();
      const { processes } = kernel.config;
      const wanted = names ?? Object.values(processes).flatMap((spec) => (spec.autostart ? [spec.name] : []));
      // One turn for all: a rank is spawned together, and each process finds its dependencies wanted already.
      post(() => {
        for (const name of withDependencies(processes, wanted)) {
          const supervisor = supervisors.get(name);
          const done = supervisor?.state.phase === 'completed' && !wanted.includes(name);
          if (!done) supervisor?.start(requested('started with the manager'));
        }
      });
    },
    process: (name) => findHandle(handles, name),
    processes: views,
    reload: (config, options) => reloading.reload(config, options),
    on: (type, fn) => addListener(kernel, type, fn),
    commands: async () => registry.list(),
    call: (name, input, call) => registry.call(name, input, call),
    subscribe: (options = {}) => followEvents(bus, options, closed),
    close,
    [Symbol.asyncDispose]: async () => void (await close('disposed')),
  };
}

/** @throws PromptbinError `PB_PROCESS_UNKNOWN` */
export function findHandle(handles: ReadonlyMap<string, ProcessHandle>, name: string): ProcessHandle {
  const handle = handles.get(name);
  if (handle !== undefined) return handle;
  const similar = nearest(name, [...handles.keys()]);
  throw new PromptbinError('PB_PROCESS_UNKNOWN', `There is no process "${name}".`, {
    process: name,
    hint: `${similar === undefined ? '' : `Did you mean "${similar}"? `}Known: ${[...handles.keys()].join(', ')}.`,
  });
}
