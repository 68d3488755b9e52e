import type { ConfigExplanation } from '../config/explain.ts';
import type { LoadedConfig } from '../config/load.ts';
import { officialKeys, officialPackage } from '../config/official.ts';
import { type ConfigTree, effectiveConfig, showable } from '../config/print.ts';
import type { PluginRef, ResolvedConfig } from '../contract/config.ts';
import type { ConfigPath } from '../contract/config-source.ts';
import { systemClock } from '../kernel/clock.ts';
import type { PluginHost } from '../plugins/context.ts';
import { PluginSet } from '../plugins/plugin-set.ts';
import { SideCommands } from '../process/beside.ts';
import { createLocalRunner } from '../process/runner.ts';
import { redactFault } from '../secrets/fault.ts';
import { secretNames } from '../secrets/names.ts';
import { initialState } from '../state/reducer.ts';
import { viewOf } from '../state/view.ts';
import { createCommandPort, createRegistry } from './command-port.ts';
import { type Core, createCore } from './kernel.ts';
import { createNetwork } from './network.ts';
import { learnSecrets } from './secrets.ts';
import { createServices } from './services.ts';
import { type SettledConfig, settleConfig } from './settle.ts';

/** A config as a manager would take it. Secrets are not shown. */
export interface ConfigInspection {
  /** Names. */
  readonly processes: readonly string[];
  /** Names. */
  readonly plugins: readonly string[];
  /** In the words of the file: all files in one, defaults filled in, changed by plugins. It fits into JSON. */
  readonly config: ConfigTree;
  /**
   * Tells where the value at a path comes from. `web.port` is short for `processes.web.port`.
   *
   * @throws PromptbinError `PB_CONFIG_PATH`
   */
  explain(path: string): Promise<ConfigExplanation>;
  /** Hides the secrets of the config and of this environment in all texts of a value. */
  redact<T>(value: T): T;
}

/**
 * Takes a config as a manager would, without one: nothing is run, and nothing is left behind. Plugins are set up for as
 * long as it takes to ask them what they change.
 *
 * @throws PromptbinError as `createManager` does
 */
export async function inspectConfig(loaded: LoadedConfig): Promise<ConfigInspection> {
  const { config, root, source } = loaded;
  const core = createCore(systemClock);
  const settled = await settle(loaded, core);
  const { resolved, plugins, changes } = settled;

  const isSecret = secretNames(resolved.secrets);
  const show = (value: unknown, path: ConfigPath): unknown =>
    showable(
      value,
      path,
      (name) => isSecret(name) !== undefined,
      (text) => core.redactor.redact(text),
    );
  const refs = refsOf(config.plugins, settled);
  const effective = (one: ResolvedConfig): ConfigTree => effectiveConfig(one, refs);
  return {
    processes: Object.keys(settled.config.processes),
    plugins: plugins.map(({ plugin }) => plugin.name),
    config: show(effective(settled.config), []) as ConfigTree,
    redact: (value) => core.redactor.redactAll(value),
    async explain(path) {
      const [{ explainPath }, { schemaOfPlugins }] = await Promise.all([
        import('../config/explain.ts'),
        import('../config/project-schema.ts'),
      ]);
      return explainPath(path, {
        root,
        config,
        source,
        resolved: effective(resolved),
        changes: changes.map(({ plugin, config: changed }) => ({ plugin, config: effective(changed) })),
        schema: schemaOfPlugins(plugins.map(({ plugin }) => plugin)),
        show,
      });
    },
  };
}

async function settle({ config, root, file, source }: LoadedConfig, core: Core): Promise<SettledConfig> {
  const { redactor } = core;
  const plugins = new PluginSet(idleHost(root, core));
  const resolved = (one: ResolvedConfig): void => learnSecrets(redactor, one, process.env);
  try {
    const settled = await settleConfig(config, { root, file, source, resolved }, plugins);
    resolved(settled.config);
    await settled.staged.rollBack();
    return settled;
  } catch (fault) {
    throw redactFault(fault, redactor);
  }
}

/** A host that has nothing to do: no process runs, and what a plugin asks for is not done. */
function idleHost(root: string, core: Core): PluginHost {
  const { clock, guard, hooks, redactor, post, bus } = core;
  const nothing = (): void => {};
  const { signal } = new AbortController();
  return {
    root,
    clock,
    guard,
    hooks,
    services: createServices({
      supervisors: new Map(),
      network: createNetwork(new Map()),
      commands: new SideCommands({ runner: createLocalRunner({ clock }), redactor, stamp: '' }),
      post,
      port: createCommandPort({ registry: createRegistry(core, signal), bus, closed: signal }),
    }),
    config: () => ({ root, secrets: [], processes: {} }),
    view: ({ name, kind }) => viewOf(initialState(name, kind, clock.wall()), undefined),
    request: nothing,
    condition: nothing,
    emit: nothing,
    addCommand: () => ({ [Symbol.dispose]: nothing }),
    started: () => undefined,
  };
}

/** Each plugin as the file names it, with its options. One of this project has the name of its package. */
function refsOf(
  written: readonly PluginRef[] = [],
  { plugins }: SettledConfig,
): readonly (readonly [ref: string, options: unknown])[] {
  // Two that are written may be one plugin: then which is which is not known any more.
  const isOneToOne = written.length === plugins.length;
  return plugins.map(({ plugin: { name }, options }, index) => {
    const [ref] = [isOneToOne ? written[index] : undefined].flat();
    return [typeof ref === 'string' ? ref : officialKeys.includes(name) ? officialPackage(name) : name, options];
  });
}
