import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { DestinationStream } from 'pino';
import { builtinCommands } from '../commands/builtin.ts';
import { CommandRegistry } from '../commands/registry.ts';
import { resolveConfig } from '../config/resolve.ts';
import { nearest } from '../config/suggest.ts';
import type { Clock } from '../contract/clock.ts';
import type { Config, ResolvedConfig } from '../contract/config.ts';
import type { ManagerEvent } from '../contract/events.ts';
import type { Manager } from '../contract/manager.ts';
import type { Runner } from '../contract/runner.ts';
import { messageOf, PromptbinError } from '../errors/error.ts';
import { systemClock } from '../kernel/clock.ts';
import { installPlugins } from '../plugins/install.ts';
import { requested } from '../process/causes.ts';
import { withDependencies } from '../process/graph.ts';
import { createLocalRunner } from '../process/runner.ts';
import { closeManager } from './close.ts';
import { ensureProjectFolder } from './folder.ts';
import { ProcessHandle } from './handle.ts';
import { createCore, type Kernel } from './kernel.ts';
import { createLogger, logEvent } from './logger.ts';
import { pluginHost } from './plugin-host.ts';
import { followEvents } from './subscribe.ts';
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
  const registry = new CommandRegistry();
  const closed = new AbortController();
  const dispose: { plugins: () => Promise<void> } = { plugins: async () => {} };

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
    closed: closed.signal,
    get config() {
      return current;
    },
  };

  const views = (): ReturnType<Manager['processes']> => [...supervisors.byName.values()].map(({ view }) => view);
  const host = pluginHost(kernel, registry, supervisors, root);
  dispose.plugins = await installPlugins(plugins, host);
  try {
    current = await core.hooks.configure.promise(resolved);
  } catch (fault) {
    await dispose.plugins();
    throw fault;
  }
  core.track(current);
  supervisors.create(current);

  const handles = new Map([...supervisors.byName].map(([name, one]) => [name, new ProcessHandle(one, kernel)]));
  const logger = options.log === false ? undefined : createLogger(options.log ?? `${folder}/logs/promptbin.log`);
  const pidOf = (name: string): number | undefined => supervisors.byName.get(name)?.state.pid;
  const forward = (event: ManagerEvent): void => {
    supervisors.recheckDependants(event);
    if (logger !== undefined) logEvent(logger, event, pidOf);
    core.hooks.event.call(event);
  };
  core.bus.listen(forward);

  const find = (name: string): ProcessHandle => {
    const handle = handles.get(name);
    if (handle !== undefined) return handle;
    const similar = nearest(name, [...handles.keys()]);
    throw new PromptbinError('PB_PROCESS_UNKNOWN', `There is no process "${name}".`, {
      process: name,
      hint: `${similar === undefined ? '' : `Did you mean "${similar}"? `}Known: ${[...handles.keys()].join(', ')}.`,
    });
  };

  const close = closeManager({
    kernel,
    registry,
    handles,
    closed,
    supervisors,
    disposePlugins: () => dispose.plugins(),
  });
  const manager: Manager = {
    root,
    async start(names) {
      for (const name of names ?? []) find(name);
      const wanted = names ?? Object.values(current.processes).flatMap((spec) => (spec.autostart ? [spec.name] : []));
      // One turn for all: a rank is spawned together, and each process finds its dependencies wanted already.
      core.post(() => {
        if (closed.signal.aborted || registry.closed) return;
        for (const name of withDependencies(current.processes, wanted)) {
          supervisors.byName.get(name)?.start(requested('started with the manager'));
        }
      });
    },
    process: find,
    processes: views,
    on(type, fn) {
      return core.bus.listen((event) => {
        if (event.type !== type) return;
        try {
          fn(event as Parameters<typeof fn>[0]);
        } catch (fault) {
          core.guard.blame('(listener)', type, 'PB_PLUGIN_THREW', `A listener of "${type}": ${messageOf(fault)}.`);
        }
      });
    },
    commands: async () => registry.list(),
    call: (name, input, call) => registry.call(name, input, call),
    subscribe: (subscription = {}) => followEvents(core.bus, subscription, closed.signal),
    close,
    [Symbol.asyncDispose]: async () => void (await close('disposed')),
  };
  for (const command of builtinCommands({ kernel, find, manager, file, plugins: plugins.map(({ name }) => name) })) {
    registry.add(command, 'core');
  }
  core.post(() => {
    const names = plugins.map(({ name }) => name);
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
