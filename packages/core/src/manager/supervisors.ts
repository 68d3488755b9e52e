import { join } from 'node:path';
import type { ResolvedConfig } from '../contract/config.ts';
import type { ManagerEvent } from '../contract/events.ts';
import type { Runner } from '../contract/runner.ts';
import type { NetworkService } from '../contract/services.ts';
import { isTapped } from '../hooks/create.ts';
import { OutputStore } from '../output/store.ts';
import { PortAllocator } from '../process/ports.ts';
import { Supervisor } from '../process/supervisor.ts';
import type { Core } from './kernel.ts';
import { createNetwork } from './network.ts';

export interface SupervisorsOptions {
  readonly root: string;
  /** The `.promptbin` folder. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stamp: string;
  readonly runner: Runner;
}

/** All supervisors of a manager and what they share. */
export interface Supervisors {
  readonly byName: ReadonlyMap<string, Supervisor>;
  readonly network: NetworkService;
  create(config: ResolvedConfig): void;
  /** Wakes whoever depends on the process that the event is about. */
  recheckDependants(event: ManagerEvent): void;
  closeOutputs(): void;
}

export function createSupervisors(core: Core, options: SupervisorsOptions): Supervisors {
  const byName = new Map<string, Supervisor>();
  const dependants = new Map<string, Supervisor[]>();
  const { clock, bus, hooks, post, stateOf } = core;
  const network = createNetwork(byName, options.stamp);
  const host = { ...options, clock, bus, hooks, post, stateOf, network, ports: new PortAllocator() };

  const createOutput = (name: string, { logs }: ResolvedConfig['processes'][string]): OutputStore => {
    const file = join(options.folder, 'logs', `${name}.log`);
    const onFault = (message: string): void => post(() => bus.append('process.logFault', { name, file, message }));
    const store = new OutputStore({ name, file, ...logs, clock, onFault });
    // Lines are made only when a plugin looks at them.
    if (isTapped(hooks.output)) store.onLine = (line) => hooks.output.call(Object.freeze(line));
    return store;
  };

  return {
    byName,
    network,
    create(config) {
      for (const spec of Object.values(config.processes)) {
        const supervisor = new Supervisor(spec, createOutput(spec.name, spec), host);
        byName.set(spec.name, supervisor);
        for (const name of Object.keys(spec.dependsOn)) {
          dependants.set(name, [...(dependants.get(name) ?? []), supervisor]);
        }
      }
    },
    recheckDependants(event) {
      if (event.type !== 'process.phase' && event.type !== 'process.condition') return;
      for (const dependant of dependants.get(event.data.name) ?? []) post(() => dependant.recheck());
    },
    closeOutputs() {
      for (const { output } of byName.values()) output.close();
    },
  };
}
