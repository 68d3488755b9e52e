import type { CommandRegistry } from '../commands/registry.ts';
import type { ManagerEvent } from '../contract/events.ts';
import type { ServiceName } from '../contract/plugin.ts';
import type { PluginHost } from '../plugins/context.ts';
import { initialState } from '../state/reducer.ts';
import { viewOf } from '../state/view.ts';
import type { Kernel } from './kernel.ts';
import type { Supervisors } from './supervisors.ts';

export interface PluginHostParts {
  readonly kernel: Kernel;
  readonly registry: CommandRegistry;
  readonly supervisors: Supervisors;
  readonly root: string;
  started(): ManagerEvent | undefined;
}

/** The manager as its plugins may use it: all that changes something is queued. */
export function pluginHost({ kernel, registry, supervisors, root, started }: PluginHostParts): PluginHost {
  const { post, bus, guard, clock, hooks } = kernel;
  return {
    root,
    clock,
    hooks,
    guard,
    started,
    services: new Map<ServiceName, unknown>([['network', supervisors.network]]),
    config: () => kernel.config,
    views: ({ processes }) =>
      Object.values(processes).map(
        ({ name, kind }) =>
          supervisors.byName.get(name)?.view ?? viewOf(initialState(name, kind, clock.wall()), undefined),
      ),
    request(action, process, cause) {
      post(() => {
        const supervisor = supervisors.byName.get(process.name);
        // What a plugin saw of an older incarnation says nothing about this one.
        if (supervisor === undefined || kernel.closing.aborted || supervisor.state.generation !== process.generation)
          return;
        if (action === 'fail') supervisor.fail(cause, process.generation);
        else supervisor[action](cause);
      });
    },
    condition(process, name, value) {
      post(() => supervisors.byName.get(process.name)?.observe(name, value, process.generation));
    },
    emit: (type, data) => post(() => bus.append(type, data)),
    addCommand: (command, owner) => registry.add(command, owner),
  };
}
