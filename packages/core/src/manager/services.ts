import { readLogs } from '../commands/logs.ts';
import type { CommandPort } from '../contract/commands.ts';
import type { LogPage, LogQuery } from '../contract/manager.ts';
import type { CoreServiceName, ServiceMap, ServiceName } from '../contract/plugin.ts';
import type { NetworkService, ProbeService } from '../contract/services.ts';
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
  const all = new Map<ServiceName, unknown>();
  const services: Pick<ServiceMap, CoreServiceName> = {
    network,
    commands: port,
    exec: createExec(supervisors, commands),
    output: {
      waitFor: async (name, pattern, options) => findNamed(supervisors, name).output.waitFor(pattern, options),
      page: (name, query) => findNamed(supervisors, name).output.page(query),
      async read(name, { after, tail }) {
        const { output } = findNamed(supervisors, name);
        const probes = all.get('probes') as ProbeService | undefined;
        const input = { name, cursor: after, tail, stream: 'all', contextLines: 0, maxBytes: 40_000 } as const;
        const logs = (query: LogQuery): LogPage => output.page(query);
        return readLogs({ name, logs }, input, probes?.requests(name) ?? [], new AbortController().signal);
      },
    },
    signals: {
      send({ name, generation }, signal) {
        const { promise, resolve } = Promise.withResolvers<boolean>();
        post(() => resolve(supervisors.get(name)?.signal(signal, generation) ?? false));
        return promise;
      },
    },
  };
  for (const [name, service] of Object.entries(services)) all.set(name as CoreServiceName, service);
  return all;
}
