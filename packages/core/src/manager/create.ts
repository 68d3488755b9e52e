import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { DestinationStream } from 'pino';
import { builtinCommands } from '../commands/builtin.ts';
import { CommandRegistry } from '../commands/registry.ts';
import { checkDependencies } from '../config/dependencies.ts';
import { resolveConfig } from '../config/resolve.ts';
import type { Clock } from '../contract/clock.ts';
import type { Config, ResolvedConfig } from '../contract/config.ts';
import type { Manager } from '../contract/manager.ts';
import type { Runner } from '../contract/runner.ts';
import { PromptbinError } from '../errors/error.ts';
import { systemClock } from '../kernel/clock.ts';
import { installPlugins } from '../plugins/install.ts';
import { createLocalRunner } from '../process/runner.ts';
import { processOf } from '../state/describe.ts';
import { closeManager, type Ending } from './close.ts';
import { ensureProjectFolder } from './folder.ts';
import { ProcessHandle } from './handle.ts';
import { createCore, type Kernel } from './kernel.ts';
import { createLogger } from './logger.ts';
import { assembleManager, findHandle } from './manager.ts';
import { pluginHost } from './plugin-host.ts';
import { createSupervisors } from './supervisors.ts';

export interface ManagerOptions {
  /** The folder of the config; relative paths start there and `.promptbin/` stands there. Default: the current folder. */
  readonly root?: string;
  /** The config file, for messages. */
  readonly file?: string;
  /** The environment that children inherit from. Default: `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Where the manager's own log goes. Default: `.promptbin/logs/promptbin.log`; false for nowhere. */
  readonly log?: DestinationStream | false;
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
  const { file } = options;
  const { resolved, plugins } = await resolveConfig(config, { root, ...(file === undefined ? {} : { file }) });
  const folder = ensureProjectFolder(root);

  const core = createCore(clock, options.hookBudgetMs);
  const ending: Ending = { closing: new AbortController(), closed: new AbortController() };
  const registry = new CommandRegistry(ending.closing.signal);
  let current: ResolvedConfig = resolved;
  core.track(resolved);
  // Plugins are set up before `configure`, in which they may change the config; the supervisors come after it.
  const supervisors = createSupervisors(core, {
    root,
    folder,
    env,
    stamp: randomUUID(),
    runner: options.runner ?? createLocalRunner({ clock }),
  });
  const kernel: Kernel = {
    ...core,
    supervisors: supervisors.byName,
    closing: ending.closing.signal,
    closed: ending.closed.signal,
    get config() {
      return current;
    },
  };
  const handles = new Map<string, ProcessHandle>();
  let disposePlugins = async (): Promise<void> => {};
  const close = closeManager({ kernel, handles, supervisors, ending, disposePlugins: () => disposePlugins() });
  const views = (): ReturnType<Manager['processes']> => [...supervisors.byName.values()].map(({ view }) => view);
  const manager = assembleManager({ root, kernel, registry, handles, views, close });
  const names = plugins.map(({ name }) => name);
  const find = (name: string): ProcessHandle => findHandle(handles, name);
  // Before the plugins come, so that none of them can take a name of core's.
  for (const command of builtinCommands({ kernel, find, manager, file, plugins: names })) registry.add(command, 'core');

  disposePlugins = await installPlugins(plugins, pluginHost(kernel, registry, supervisors, root));
  try {
    current = await core.hooks.configure.promise(resolved);
    checkGraph(current);
  } catch (fault) {
    await disposePlugins();
    throw fault;
  }
  core.track(current);
  supervisors.create(current);
  for (const [name, supervisor] of supervisors.byName) handles.set(name, new ProcessHandle(supervisor, kernel));

  core.bus.listen((event) => supervisors.recheckDependants(event));
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
  core.post(() => {
    const processes = [...handles.keys()];
    core.bus.append('config.loaded', {
      processes: processes.length,
      plugins: names,
      ...(file === undefined ? {} : { file }),
    });
    core.bus.append('manager.started', { pid: process.pid, processes, plugins: names });
  });
  return manager;
}

/** What a plugin made of the config must still be a graph in which everything can be started. */
function checkGraph({ processes }: ResolvedConfig): void {
  const mistakes: string[] = [];
  checkDependencies(processes, Object.keys(processes), (_path, message) => mistakes.push(message));
  if (mistakes.length === 0) return;
  throw new PromptbinError('PB_CONFIGURE_FAILED', `A plugin changed the config: ${mistakes.join(' ')}`);
}
