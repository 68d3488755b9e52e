import type { ManagerEvent } from '../contract/events.ts';
import type { CloseReport, Manager } from '../contract/manager.ts';
import { endInOrder } from './end.ts';
import type { ProcessHandle } from './handle.ts';
import type { Kernel } from './kernel.ts';
import type { Supervisors } from './supervisors.ts';

/** The two moments of the end that others wait for; see `Kernel`. */
export interface Ending {
  readonly closing: AbortController;
  readonly closed: AbortController;
}

export interface CloseHost {
  readonly kernel: Kernel;
  readonly handles: ReadonlyMap<string, ProcessHandle>;
  readonly supervisors: Supervisors;
  readonly ending: Ending;
  /** Resolves when a reload under way has noticed the end, and changes nothing any more. */
  reloadEnded(): Promise<void>;
  disposePlugins(): Promise<void>;
}

/**
 * Makes `manager.close`: `closing` hook, no more write commands, processes in reverse order of dependency, plugins in
 * reverse, the last events. Plugins outlive the processes, so that they can report the stop.
 */
export function closeManager(host: CloseHost): Manager['close'] {
  const { kernel, handles, supervisors, ending } = host;
  let report: Promise<CloseReport> | undefined;
  let forced = false;

  const run = async (why: string): Promise<CloseReport> => {
    kernel.post(() => kernel.bus.append('manager.closing', { why }));
    await kernel.hooks.closing.promise(why);
    ending.closing.abort();
    // Not those of the config alone: what could not be ended when it was taken out is still here.
    const graph = Object.fromEntries([...supervisors.byName].map(([name, { spec }]) => [name, spec]));
    const receipts = await endInOrder([...handles.values()], graph, why, () => (forced ? 0 : undefined));
    await host.reloadEnded();
    await host.disposePlugins();
    supervisors.closeOutputs();
    ending.closed.abort();
    const faults = kernel.bus.log
      .since(0)
      .events.filter((event): event is ManagerEvent<'plugin.fault'> => event.type === 'plugin.fault');
    return {
      unstopped: receipts.flatMap(({ name, escaped }) => escaped.map((pid) => ({ name, pid }))),
      receipts: receipts.filter(
        ({ signalled, killed, escaped }) => signalled.length + killed.length + escaped.length > 0,
      ),
      faults,
    };
  };

  return (why = 'the manager is closing', { force = false } = {}) => {
    forced ||= force;
    if (force) for (const handle of handles.values()) handle.kill();
    report ??= run(why);
    return report;
  };
}
