import type * as z from 'zod';
import type { Clock } from './clock.ts';
import type { Command, CommandPort } from './commands.ts';
import type { ResolvedProcess, SharedInput } from './config.ts';
import type { EventMap, EventType } from './events.ts';
import type { ManagerHooks } from './hooks.ts';
import type { LockService } from './locks.ts';
import type { Cause, Condition, ConditionName, ProcessView } from './process.ts';
import type {
  ExecService,
  NetworkService,
  OutputService,
  ProbeService,
  ResourceService,
  SignalService,
} from './services.ts';

/** Typed objects that one plugin offers to others. A plugin adds its own with `declare module '@promptbin/core'`. */
export interface ServiceMap {
  /** Provided by core: what a person or an agent may ask of this manager, and its events. */
  commands: CommandPort;
  /** Provided by core: who listens on a port. */
  network: NetworkService;
  /** Provided by core: commands beside a process. */
  exec: ExecService;
  /** Provided by core: what a process writes. */
  output: OutputService;
  /** Provided by core: signals to processes. */
  signals: SignalService;
  /** Provided by `@promptbin/plugin-health`: what it asks processes. */
  probes: ProbeService;
  /** Provided by `@promptbin/plugin-health`: CPU and memory. */
  resources: ResourceService;
  /** Provided by `@promptbin/plugin-fswatch`: exclusive locks on paths. */
  locks: LockService;
}

/** Those that core provides: never absent. */
export type CoreServiceName = 'commands' | 'network' | 'exec' | 'output' | 'signals';
export type ServiceName = keyof ServiceMap;

/**
 * `start`, `stop` and `restart` are as a person would ask for, dependencies included; a dependency that has failed, or is to be tried
 * again, is started only when the cause is `requested` or `filesChanged`. `fail` ends this incarnation and lets `decide` say what
 * comes next. `giveUp` fails what waits or is to be tried again, and leaves alone what lives.
 */
export type RequestAction = 'start' | 'stop' | 'restart' | 'fail' | 'giveUp';

/** A plugin's whole view of the manager. `O` its options, `F` its fields on a process, `Req` the services it requires. */
export interface PluginContext<O, F, Req extends ServiceName> {
  readonly name: string;
  /** Parsed and frozen. */
  readonly options: O;
  readonly hooks: ManagerHooks;
  /** Aborted on teardown. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** The folder of the config. */
  readonly root: string;
  /** The config's `shared`, as it is now: a reload changes it. Sections that are given are complete. */
  readonly shared: SharedInput | undefined;
  /** This plugin's key of the process's config, parsed; undefined when it is absent. */
  fields(process: string): F | undefined;
  /** What core knows of the process's config; undefined when there is no such process. */
  settings(process: string): ResolvedProcess | undefined;
  /** The status of one process; undefined when there is no such process. */
  process(name: string): ProcessView | undefined;
  processes(): readonly ProcessView[];
  /** Queued, never immediate. A message for a generation that is gone is dropped. */
  request(action: RequestAction, process: ProcessView, cause: Cause): void;
  /** Queued. States what a plugin has observed; core drops it when the generation is gone or nothing changed. */
  condition(process: ProcessView, name: ConditionName, value: Omit<Condition, 'since'>): void;
  /** Queued. */
  emit<K extends EventType>(type: K, data: EventMap[K]): void;
  provide<K extends ServiceName>(name: K, service: ServiceMap[K]): void;
  use<K extends ServiceName>(name: K): K extends Req | CoreServiceName ? ServiceMap[K] : ServiceMap[K] | undefined;
  command<I extends z.ZodType, R>(command: Command<I, R>): void;
  /** Last added runs first. Each has 2 s. */
  onDispose(fn: () => void | Promise<void>): void;
}

/** A plugin with its options bound: what stands in the `plugins` list. */
export interface Plugin<Name extends string = string, Fields extends z.ZodType = z.ZodType> {
  /** The key of its fields on a process, such as `health`. */
  readonly name: Name;
  /** The version of this contract. */
  readonly api: 1;
  readonly fields: Fields;
  readonly requires: readonly ServiceName[];
  readonly provides: readonly ServiceName[];
  readonly live: boolean;
  /** What the factory was called with, and what checks it once the config is read: all mistakes are told at once. */
  readonly input: unknown;
  readonly options: z.ZodType;
  check?(config: PluginConfig<unknown, unknown>, report: PluginReport): void;
  setup(ctx: PluginContext<unknown, unknown, never>): void | Promise<void>;
}

/** A config as one plugin is concerned. */
export interface PluginConfig<O, F> {
  readonly options: O;
  /** In the order of the config; a process whose `fields` are undefined has no key of this plugin. */
  readonly processes: readonly { readonly settings: ResolvedProcess; readonly fields: F | undefined }[];
}

/** A mistake, by the path from the plugin's own key or options on. */
export interface PluginMistake {
  readonly path?: readonly (string | number)[];
  /** Goes on where the path ends, such as `is "grp", which is no group`. */
  readonly problem: string;
  /** One imperative sentence: what to write instead. */
  readonly hint?: string;
}

/** Tells a user of mistakes, with the place in the file. */
export interface PluginReport {
  field(process: string, mistake: PluginMistake): void;
  option(mistake: PluginMistake): void;
}

/** A plugin whose options have been checked. */
export interface ConfiguredPlugin {
  readonly plugin: Plugin;
  /** Parsed and frozen. */
  readonly options: unknown;
}

export interface PluginSpec<
  Name extends string,
  O extends z.ZodType,
  F extends z.ZodType,
  Req extends readonly ServiceName[],
> {
  readonly name: Name;
  readonly options: O;
  readonly fields: F;
  readonly requires?: Req;
  readonly provides?: readonly ServiceName[];
  /**
   * Follows its fields while a process runs, by reading `ctx.fields` anew or at the event `config.reloaded`: when they
   * change in a reload, the process need not be restarted. Default false.
   */
  readonly live?: boolean;
  /**
   * What is wrong with a config that no schema of one value can know, such as a name that nothing has. Called for a config that
   * has no other mistake, before anything is set up. Pure.
   */
  check?(config: PluginConfig<z.output<O>, z.output<F>>, report: PluginReport): void;
  setup(ctx: PluginContext<z.output<O>, z.output<F>, Req[number]>): void | Promise<void>;
}
