import type { CommandPort } from '../contract/commands.ts';
import type { CoreServiceName, ServiceMap, ServiceName } from '../contract/plugin.ts';
import type { NetworkService } from '../contract/services.ts';
import type { SideCommands } from '../process/beside.ts';
import type { Supervisor } from '../process/supervisor.ts';
import { createExec } from './exec.ts';
import type { Core } from './kernel.ts';
import { findNamed } from './named.ts';

export interface ServiceParts {
  readonly supervisors: ReadonlyMap<string, Supervisor>;
  readonly network: NetworkService;
  readonly commands: SideCommands;
  readonly post: Core['post'];
  readonly port: CommandPort;
}

/** What core itself offers to plugins; they add theirs to it. */
export function createServices({
  supervisors,
  network,
  commands,
  post,
  port,
}: ServiceParts): Map<ServiceName, unknown> {
  const services: Pick<ServiceMap, CoreServiceName> = {
    network,
    commands: port,
    exec: createExec(supervisors, commands),
    output: {
      waitFor: async (name, pattern, options) => findNamed(supervisors, name).output.waitFor(pattern, options),
    },
    signals: {
      send({ name, generation }, signal) {
        const { promise, resolve } = Promise.withResolvers<boolean>();
        post(() => resolve(supervisors.get(name)?.signal(signal, generation) ?? false));
        return promise;
      },
    },
  };
  return new Map(Object.entries(services) as [CoreServiceName, unknown][]);
}
