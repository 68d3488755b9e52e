import type { ManagerEvent } from '../contract/events.ts';
import type { CloseReport } from '../contract/manager.ts';
import { requested } from '../process/causes.ts';
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
  /** Resolves when no command runs beside a process any more. */
  commandsEnded(): Promise<void>;
  disposePlugins(): Promise<void>;
}

/** `failed`: the essential process that ends the manager. */
export type CloseAs = (why?: string, options?: { force?: boolean; failed?: string }) => Promise<CloseReport>;

/**
 * Makes `manager.close`: `closing` hook, no more write commands, processes in reverse order of dependency, plugins in
 * reverse, the last events. Plugins outlive the processes, so that they can report the stop.
 */
export function closeManager(host: CloseHost): CloseAs {
  const { kernel, handles, supervisors, ending } = host;
  let report: Promise<CloseReport> | undefined;
  let forced = false;

  const run = async (why: string, failed: string | undefined): Promise<CloseReport> => {
    const essential = failed === undefined ? {} : { failed };
    kernel.post(() => kernel.bus.append('manager.closing', { why, ...essential }));
    await kernel.hooks.closing.promise(why);
    ending.closing.abort();
    // Not those of the config alone: what could not be ended when it was taken out is still here.
    const graph = Object.fromEntries([...supervisors.byName].map(([name, { spec }]) => [name, spec]));
    const receipts = await endInOrder([...handles.values()], graph, (handle) =>
      // Asked anew for each: a second request has no patience.
      handle.end(requested(why), forced ? { graceMs: 0 } : {}),
    );
    await host.reloadEnded();
    await host.commandsEnded();
    await host.disposePlugins();
    supervisors.closeOutputs();
    kernel.post(() => kernel.bus.append('manager.closed', { pid: process.pid }));
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

  return (why = 'the manager is closing', { force = false, failed } = {}) => {
    forced ||= force;
    if (force) for (const handle of handles.values()) handle.kill();
    report ??= run(why, failed);
    return report;
  };
}
