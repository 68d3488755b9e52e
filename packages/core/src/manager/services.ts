import type { CoreServiceName, ServiceMap, ServiceName } from '../contract/plugin.ts';
import type { NetworkService } from '../contract/services.ts';
import type { SideCommands } from '../process/beside.ts';
import type { Supervisor } from '../process/supervisor.ts';
import { createExec } from './exec.ts';
import { findNamed } from './named.ts';

/** What core itself offers to plugins; they add theirs to it. */
export function createServices(
  supervisors: ReadonlyMap<string, Supervisor>,
  network: NetworkService,
  commands: SideCommands,
): Map<ServiceName, unknown> {
  const services: Pick<ServiceMap, CoreServiceName> = {
    network,
    exec: createExec(supervisors, commands),
    output: {
      waitFor: async (name, pattern, options) => findNamed(supervisors, name).output.waitFor(pattern, options),
    },
  };
  return new Map(Object.entries(services) as [CoreServiceName, unknown][]);
}
