import { join, resolve } from 'node:path';
import type { DestinationStream } from 'pino';
import { builtinCommands } from '../commands/builtin.ts';
import type { Clock } from '../contract/clock.ts';
import type { Config, ResolvedConfig } from '../contract/config.ts';
import type { ConfigSource } from '../contract/config-source.ts';
import type { ManagerEvent } from '../contract/events.ts';
import type { Manager } from '../contract/manager.ts';
import type { Runner } from '../contract/runner.ts';
import type { ProbeService, ResourceService } from '../contract/services.ts';
import { systemClock } from '../kernel/clock.ts';
import { PluginSet } from '../plugins/plugin-set.ts';
import { Cgroups } from '../process/cgroups.ts';
import { createTokens } from '../process/env-stamp.ts';
import { Guardian } from '../process/guardian.ts';
import { createLocalRunner } from '../process/runner.ts';
import { SharedFile } from '../process/shared-file.ts';
import { redactFault } from '../secrets/fault.ts';
import { processOf } from '../state/describe.ts';
import { closeManager, type Ending } from './close.ts';
import { createCommandPort, createRegistry } from './command-port.ts';
import { followDependencies } from './dependants.ts';
import type { ConfigState } from './differences.ts';
import { effectiveConfig } from './effective.ts';
import { followEssential } from './essential.ts';
import { ensureProjectFolder } from './folder.ts';
import type { ProcessHandle } from './handle.ts';
import { openJournal, statePast } from './journal.ts';
import { createCore, type Kernel } from './kernel.ts';
import { settleLeftovers } from './leftovers.ts';
import { createLogger } from './logger.ts';
import { assembleManager } from './manager.ts';
import { findNamed } from './named.ts';
import { pluginHost } from './plugin-host.ts';
import { protectedBy } from './protection.ts';
import { type LoadConfig, Reloading } from './reload.ts';
import { Requests } from './requests.ts';
import { learnSecrets } from './secrets.ts';
import { settleConfig } from './settle.ts';
import { createSupervisors } from './supervisors.ts';
import { holdConfig } from './take.ts';

export interface ManagerOptions {
  /** The folder of the config; relative paths start there and `.promptbin/` stands there. Default: the current folder. */
  readonly root?: string;
  /** The config file, for messages. */
  readonly file?: string;
  /** From `loadConfig`: where each value stands, for messages and for plugins that are named by their package. */
  readonly source?: ConfigSource;
  /** Loads the config anew, for the command `config.reload`. Default: the command answers `PB_CONFIG_RELOAD`. */
  readonly load?: LoadConfig;
  /** The environment that children inherit from. Default: `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Where the manager's own log goes. Default: `.promptbin/logs/promptbin.log`; false for nowhere. */
  readonly log?: DestinationStream | false;
  /**
   * Records every event in `.promptbin/journal/` and goes on counting where the manager before has ended. Default false: it
   * is for whoever holds the project alone, for two managers would give the same numbers.
   */
  readonly journal?: boolean;
  /** False: what runs goes on when this process is killed. Default: a small process beside it ends all of it then. */
  readonly guardian?: boolean;
  readonly clock?: Clock;
  readonly runner?: Runner;
  /** Upper bound for the time that a plugin may take in a hook, ms. Default: 1000 to 10 000, by hook. */
  readonly hookBudgetMs?: number;
}

/**
 * Reads the config, installs the plugins and returns a manager that runs nothing yet: call `start()`.
 *
 * @throws PromptbinError `PB_CONFIG_INVALID` with all mistakes in `details`; `PB_CONFIGURE_FAILED`, `PB_PLUGIN_SETUP`,
 * `PB_PLUGIN_REQUIRES`, `PB_SERVICE_DUPLICATE`
 */
export async function createManager(config: Config, options: ManagerOptions = {}): Promise<Manager> {
  const clock = options.clock ?? systemClock;
  const env = options.env ?? process.env;
  const root = resolve(options.root ?? '.');
  const { file, source } = options;
  const folder = join(root, '.promptbin');

  const opened = options.journal ? openJournal(folder, clock) : {};
  const core = createCore(clock, options.hookBudgetMs, opened.journal);
  core.post(() => statePast(opened, core.bus));
  const ending: Ending = { closing: new AbortController(), closed: new AbortController() };
  const registry = createRegistry(core, ending.closing.signal);
  const port = createCommandPort({ registry, bus: core.bus, closed: ending.closed.signal });
  const tokens = createTokens();
  const cgroups = options.guardian === false ? undefined : Cgroups.open();
  const guardian =
    options.guardian === false
      ? undefined
      : new Guardian({
          stamp: tokens.stop,
          record: opened.guardianRecord,
          cgroups: cgroups?.folder,
          clock,
          onStart: (pid) => core.post(() => core.bus.append('manager.guarded', { pid })),
        });
  const runner = options.runner ?? createLocalRunner({ clock, guardian, cgroups });
  const inForce: { state: ConfigState } = { state: { config: { root, secrets: [], processes: {} }, written: config } };
  const supervisors = createSupervisors(core, {
    root,
    folder,
    env,
    tokens,
    runner,
    port,
    shared: new SharedFile(join(folder, 'shared.json'), root, () => inForce.state.config.shared),
  });
  const kernel: Kernel = {
    ...core,
    supervisors: supervisors.byName,
    closing: ending.closing.signal,
    closed: ending.closed.signal,
    get config() {
      return inForce.state.config;
    },
  };
  let started: ManagerEvent | undefined;
  const handles = new Map<string, ProcessHandle>();
  const requests = new Requests(kernel, handles);
  const plugins = new PluginSet(
    pluginHost({ kernel, registry, supervisors, handles, requests, root, started: () => started }),
  );
  const holder = { kernel, inForce, supervisors, handles, requests, env };
  const reloading = new Reloading({ ...holder, plugins, at: { root, file } }, options.load);
  const close = closeManager({
    kernel,
    handles,
    supervisors,
    ending,
    reloadEnded: () => reloading.ended(),
    commandsEnded: () => supervisors.commands.ended(),
    disposePlugins: () => plugins.dispose(),
  });
  const views = (): ReturnType<Manager['processes']> => [...supervisors.byName.values()].map(({ view }) => view);
  const manager = assembleManager({ root, kernel, port, handles, views, reloading, close });
  const find = (name: string): ProcessHandle => findNamed(handles, name);
  // Before the plugins come, so that none of them can take a name of core's.
  const host = {
    kernel,
    find,
    manager,
    file,
    plugins,
    reloading,
    network: supervisors.network,
    configOf: (name: string) => effectiveConfig(kernel, name),
    probes: (): ProbeService | undefined => supervisors.services.get('probes') as ProbeService | undefined,
    refreshSamples: async () => {
      const resources = supervisors.services.get('resources') as ResourceService | undefined;
      await resources?.refresh();
    },
    protectedBy: (name: string, action: 'stop' | 'restart') => protectedBy(kernel, name, action),
  };
  for (const command of builtinCommands(host)) registry.add(command);

  const resolved = (one: ResolvedConfig): void => {
    ensureProjectFolder(root);
    learnSecrets(core.redactor, one, env);
  };
  const settled = await settleConfig(config, { root, file, source, resolved }, plugins).catch((fault: unknown) => {
    core.bus.endJournal();
    throw redactFault(fault, core.redactor);
  });
  const adoptees = await settleLeftovers(root, opened, runner.adopt ? settled.config.processes : {}, core);
  holdConfig(holder, { config: settled.config, written: config }, settled.staged);

  core.bus.listen(followDependencies(holder));
  core.bus.listen(followEssential(kernel, close));
  core.bus.listen((event) => core.hooks.event.call(event));
  if (options.log !== false) {
    const logger = createLogger(options.log ?? `${folder}/logs/promptbin.log`);
    const pidOf = (name: string | undefined): number | undefined => supervisors.byName.get(name ?? '')?.state.pid;
    const logging = core.bus.listen((event) => logger.write(event, pidOf(processOf(event))));
    kernel.closed.addEventListener('abort', () => {
      logging[Symbol.dispose]();
      logger.close();
    });
  }
  kernel.closed.addEventListener('abort', () => {
    guardian?.close();
    cgroups?.close();
  });
  // Not at once: the call that has closed it is stated right after.
  kernel.closed.addEventListener('abort', () => setImmediate(() => core.bus.endJournal()));
  core.post(() => {
    const processes = [...handles.keys()];
    const names = plugins.names;
    const loaded = { processes: processes.length, plugins: names };
    core.bus.append('config.loaded', file === undefined ? loaded : { ...loaded, file });
    const { previous } = opened.past ?? {};
    const start = { pid: process.pid, processes, plugins: names };
    started = core.bus.append('manager.started', previous === undefined ? start : { ...start, previous });
    for (const adoptee of adoptees) supervisors.byName.get(adoptee.name)?.adopt(adoptee);
  });
  return manager;
}
