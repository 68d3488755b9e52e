import type { CommandRegistry } from '../commands/registry.ts';
import type { ManagerEvent } from '../contract/events.ts';
import type { PluginHost } from '../plugins/context.ts';
import { initialState } from '../state/reducer.ts';
import { viewOf } from '../state/view.ts';
import type { ProcessHandle } from './handle.ts';
import type { Kernel } from './kernel.ts';
import type { Requests } from './requests.ts';
import type { Supervisors } from './supervisors.ts';

export interface PluginHostParts {
  readonly kernel: Kernel;
  readonly registry: CommandRegistry;
  readonly supervisors: Supervisors;
  readonly handles: ReadonlyMap<string, ProcessHandle>;
  readonly requests: Requests;
  readonly root: string;
  started(): ManagerEvent | undefined;
}

/** The manager as its plugins may use it: all that changes something is queued. */
export function pluginHost({
  kernel,
  registry,
  supervisors,
  handles,
  requests,
  root,
  started,
}: PluginHostParts): PluginHost {
  const { post, bus, guard, clock, hooks } = kernel;
  return {
    root,
    clock,
    hooks,
    guard,
    started,
    services: supervisors.services,
    config: () => kernel.config,
    view: ({ name, kind }) =>
      supervisors.byName.get(name)?.view ?? viewOf(initialState(name, kind, clock.wall()), undefined),
    request(action, process, cause) {
      post(() => {
        const supervisor = supervisors.byName.get(process.name);
        // What a plugin saw of an older incarnation says nothing about this one.
        if (supervisor === undefined || kernel.closing.aborted || supervisor.state.generation !== process.generation)
          return;
        const handle = handles.get(process.name);
        if (action === 'fail') supervisor.fail(cause, process.generation);
        else if (action === 'giveUp') supervisor.giveUp(cause);
        else if (action !== 'stop') requests[action](process.name, cause);
        // A plugin hears by events what came of it.
        else if (handle !== undefined) void requests.stop(handle, cause).catch(() => undefined);
      });
    },
    condition(process, name, value) {
      post(() => supervisors.byName.get(process.name)?.observe(name, value, process.generation));
    },
    emit: (type, data) => post(() => bus.append(type, data)),
    addCommand: (command, owner) => registry.add(command, owner),
  };
}
