import type { CommandRegistry } from '../commands/registry.ts';
import type { ServiceName } from '../contract/plugin.ts';
import type { PluginHost } from '../plugins/context.ts';
import { viewOf } from '../state/view.ts';
import type { Kernel } from './kernel.ts';
import type { Supervisors } from './supervisors.ts';

/** The manager as its plugins may use it: all that changes something is queued. */
export function pluginHost(
  kernel: Kernel,
  registry: CommandRegistry,
  supervisors: Supervisors,
  root: string,
): PluginHost {
  const { post, bus, guard, clock, hooks } = kernel;
  return {
    root,
    clock,
    hooks,
    services: new Map<ServiceName, unknown>([['network', supervisors.network]]),
    fields: (plugin, process) => kernel.config.processes[process]?.fields[plugin],
    // In setup the supervisors do not exist yet; what is configured does.
    processes: () =>
      Object.keys(kernel.config.processes).map(
        (name) => supervisors.byName.get(name)?.view ?? viewOf(kernel.stateOf(name), undefined),
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
    blame: (plugin, hook, code, message) => guard.blame(plugin, hook, code, message),
  };
}
