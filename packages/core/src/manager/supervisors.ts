import { join } from 'node:path';
import type { CommandPort } from '../contract/commands.ts';
import type { ResolvedConfig, ResolvedProcess } from '../contract/config.ts';
import type { ServiceName } from '../contract/plugin.ts';
import type { Runner } from '../contract/runner.ts';
import type { NetworkService } from '../contract/services.ts';
import { isTapped } from '../hooks/create.ts';
import { OutputStore } from '../output/store.ts';
import { SideCommands } from '../process/beside.ts';
import type { Tokens } from '../process/env-stamp.ts';
import { Pacer } from '../process/pacer.ts';
import { PortAllocator } from '../process/ports.ts';
import type { SharedFile } from '../process/shared-file.ts';
import { Supervisor } from '../process/supervisor.ts';
import type { Core } from './kernel.ts';
import { createNetwork } from './network.ts';
import { createServices } from './services.ts';

export interface SupervisorsOptions {
  readonly root: string;
  /** The `.promptbin` folder. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly tokens: Tokens;
  readonly runner: Runner;
  readonly port: CommandPort;
  readonly shared: SharedFile;
}

/** All supervisors of a manager and what they share. */
export interface Supervisors {
  readonly byName: ReadonlyMap<string, Supervisor>;
  /** Core's own. */
  readonly services: Map<ServiceName, unknown>;
  readonly network: NetworkService;
  readonly commands: SideCommands;
  /** Makes the supervisors that are missing. Then all stand in the order of the config, what is no part of it behind. */
  arrange(config: ResolvedConfig): void;
  /** What has ended is forgotten. */
  remove(name: string): void;
  /** Lines are made only when a plugin looks at them: to be called when plugins have come or gone. */
  retap(): void;
  /** Those that name it in `dependsOn`. */
  dependantsOf(name: string): readonly string[];
  closeOutputs(): void;
}

export function createSupervisors(core: Core, options: SupervisorsOptions): Supervisors {
  const byName = new Map<string, Supervisor>();
  const { clock, bus, hooks, redactor, post, stateOf } = core;
  const dependants = new Map<string, string[]>();
  const network = createNetwork(byName);
  const commands = new SideCommands({ runner: options.runner, redactor, stamp: options.tokens.stop });
  const common = { network, ports: new PortAllocator(), pacer: new Pacer() };
  const host = { ...options, ...common, clock, bus, hooks, redactor, post, stateOf };

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
    services: createServices({ supervisors: byName, network, commands, post, port: options.port }),
    network,
    commands,
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
    dependantsOf: (name) => dependants.get(name) ?? [],
    closeOutputs() {
      for (const { output } of byName.values()) output.close();
    },
  };
}
