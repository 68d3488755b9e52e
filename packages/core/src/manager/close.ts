import type { CommandRegistry } from '../commands/registry.ts';
import type { ManagerEvent } from '../contract/events.ts';
import type { CloseReport, Manager } from '../contract/manager.ts';
import type { StopReceipt } from '../contract/process.ts';
import { rankProcesses } from '../process/graph.ts';
import type { ProcessHandle } from './handle.ts';
import type { Kernel } from './kernel.ts';
import type { Supervisors } from './supervisors.ts';

export interface CloseHost {
  readonly kernel: Kernel;
  readonly registry: CommandRegistry;
  readonly handles: ReadonlyMap<string, ProcessHandle>;
  readonly supervisors: Supervisors;
  readonly closed: AbortController;
  disposePlugins(): Promise<void>;
}

/**
 * Makes `manager.close`: `closing` hook, no more write commands, processes in reverse order of dependency, plugins in
 * reverse, the last events. Plugins outlive the processes, so that they can report the stop.
 */
export function closeManager(host: CloseHost): Manager['close'] {
  const { kernel, registry, handles, supervisors, closed } = host;
  let report: Promise<CloseReport> | undefined;
  let forced = false;

  const stop = async (handle: ProcessHandle, why: string): Promise<StopReceipt | undefined> => {
    // A survivor is told by its own event and by `unstopped`; the others must be stopped all the same.
    const stopping = handle.stop(why, forced ? 0 : undefined).catch(() => undefined);
    return stopping;
  };

  const run = async (why: string): Promise<CloseReport> => {
    kernel.post(() => kernel.bus.append('manager.closing', { why }));
    await kernel.hooks.closing.promise(why);
    registry.closed = true;
    const all = [...handles.values()];
    const idle = all.filter(({ view }) => view.phase === 'waiting' || view.phase === 'backoff');
    const receipts = await Promise.all(idle.map((handle) => stop(handle, why)));
    for (const rank of rankProcesses(kernel.config.processes).toReversed()) {
      const handlesOfRank = rank.flatMap((name) => handles.get(name) ?? []);
      receipts.push(...(await Promise.all(handlesOfRank.map((handle) => stop(handle, why)))));
    }
    await host.disposePlugins();
    supervisors.closeOutputs();
    closed.abort();
    const faults = kernel.bus.log
      .since(0)
      .events.filter((event): event is ManagerEvent<'plugin.fault'> => event.type === 'plugin.fault');
    return {
      unstopped: all.flatMap(({ view: { name, pid } }) => (pid === undefined ? [] : [{ name, pid }])),
      receipts: receipts.filter((receipt) => receipt !== undefined && receipt.signalled.length > 0) as StopReceipt[],
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
