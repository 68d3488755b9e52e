import { join } from 'node:path';
import type { ResolvedConfig, ResolvedProcess } from '../contract/config.ts';
import type { ManagerEvent } from '../contract/events.ts';
import type { Runner } from '../contract/runner.ts';
import type { NetworkService } from '../contract/services.ts';
import { isTapped } from '../hooks/create.ts';
import { OutputStore } from '../output/store.ts';
import { PortAllocator } from '../process/ports.ts';
import type { SharedFile } from '../process/shared-file.ts';
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
  readonly shared: SharedFile;
}

/** All supervisors of a manager and what they share. */
export interface Supervisors {
  readonly byName: ReadonlyMap<string, Supervisor>;
  readonly network: NetworkService;
  /** Makes the supervisors that are missing. Then all stand in the order of the config, what is no part of it behind. */
  arrange(config: ResolvedConfig): void;
  /** What has ended is forgotten. */
  remove(name: string): void;
  /** Lines are made only when a plugin looks at them: to be called when plugins have come or gone. */
  retap(): void;
  /** Wakes whoever depends on the process that the event is about. */
  recheckDependants(event: ManagerEvent): void;
  closeOutputs(): void;
}

export function createSupervisors(core: Core, options: SupervisorsOptions): Supervisors {
  const byName = new Map<string, Supervisor>();
  const { clock, bus, hooks, redactor, post, stateOf } = core;
  const dependants = new Map<string, string[]>();
  const network = createNetwork(byName, options.stamp);
  const host = { ...options, clock, bus, hooks, redactor, post, stateOf, network, ports: new PortAllocator() };

  const tapOutput = (store: OutputStore): void => {
    store.onLine = isTapped(hooks.output) ? (line) => hooks.output.call(line) : undefined;
  };
  const createOutput = ({ name, logs }: ResolvedProcess): OutputStore => {
    const file = join(options.folder, 'logs', `${name}.log`);
    const onFault = (message: string): void => post(() => bus.append('process.logFault', { name, file, message }));
    const store = new OutputStore({ name, file, ...logs, clock, redactor, onFault });
    tapOutput(store);
    return store;
  };

  return {
    byName,
    network,
    arrange(config) {
      const all = [...byName];
      const known = new Map(all);
      byName.clear();
      for (const spec of Object.values(config.processes)) {
        if (!known.has(spec.name)) core.track(spec);
        byName.set(spec.name, known.get(spec.name) ?? new Supervisor(spec, createOutput(spec), host));
      }
      for (const [name, supervisor] of all) byName.set(name, supervisor);
      dependants.clear();
      for (const { name, dependsOn } of Object.values(config.processes)) {
        for (const needed of Object.keys(dependsOn)) dependants.set(needed, [...(dependants.get(needed) ?? []), name]);
      }
    },
    remove(name) {
      byName.get(name)?.output.close();
      byName.delete(name);
      core.untrack(name);
    },
    retap() {
      for (const { output } of byName.values()) tapOutput(output);
    },
    recheckDependants(event) {
      if (event.type !== 'process.phase' && event.type !== 'process.condition') return;
      for (const name of dependants.get(event.data.name) ?? []) post(() => byName.get(name)?.recheck());
    },
    closeOutputs() {
      for (const { output } of byName.values()) output.close();
    },
  };
}
