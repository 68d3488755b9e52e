import { checkDependencies } from '../config/dependencies.ts';
import { resolveConfig } from '../config/resolve.ts';
import type { Config, ResolvedConfig } from '../contract/config.ts';
import type { ConfigSource } from '../contract/config-source.ts';
import type { ConfiguredPlugin } from '../contract/plugin.ts';
import { PromptbinError } from '../errors/error.ts';
import type { Configured } from '../plugins/configure.ts';
import type { PluginSet, StagedPlugins } from '../plugins/plugin-set.ts';

export interface SettleOptions {
  /** Absolute. */
  readonly root: string;
  readonly file?: string | undefined;
  /** Where each value stands, for messages. */
  readonly source?: ConfigSource | undefined;
  /** Called before anything is set up. */
  readonly resolved?: (config: ResolvedConfig) => void;
}

/** A config that is valid, with all that plugins made of it. */
export interface SettledConfig extends Configured {
  /** As it was written, checked and filled in, before any plugin has seen it. */
  readonly resolved: ResolvedConfig;
  readonly plugins: readonly ConfiguredPlugin[];
}

/**
 * Resolves a config, sets up its plugins as far as they are not there yet, and has them change it. Nothing is in force
 * before `staged.commit()`; when anything is wrong, the plugins are as they were before.
 *
 * @param signal aborted when the manager is ending
 * @throws PromptbinError `PB_CONFIG_INVALID` with all mistakes in `details`; `PB_CONFIGURE_FAILED`, `PB_PLUGIN_SETUP`,
 * `PB_PLUGIN_REQUIRES`, `PB_SERVICE_DUPLICATE`
 */
export async function settleConfig(
  config: Config,
  options: SettleOptions,
  set: PluginSet,
  signal?: AbortSignal,
): Promise<SettledConfig & { readonly staged: StagedPlugins }> {
  const { resolved, plugins } = await resolveConfig(config, options);
  signal?.throwIfAborted();
  options.resolved?.(resolved);
  const staged = await set.stage(plugins, resolved, signal);
  try {
    const configured = await configureBy(staged, resolved);
    signal?.throwIfAborted();
    return { resolved, plugins, ...configured, staged };
  } catch (fault) {
    await staged.rollBack();
    throw fault;
  }
}

/** The same as far as it can be known without setting up a plugin: those that are not there yet have no say. */
export async function foreseeConfig(
  config: Config,
  options: SettleOptions,
  set: PluginSet,
): Promise<SettledConfig & { readonly staged: Pick<StagedPlugins, 'steps'> }> {
  const { resolved, plugins } = await resolveConfig(config, options);
  options.resolved?.(resolved);
  const staged = set.foresee(plugins);
  return { resolved, plugins, ...(await configureBy(staged, resolved)), staged };
}

async function configureBy(staged: Pick<StagedPlugins, 'configure'>, resolved: ResolvedConfig): Promise<Configured> {
  const configured = await staged.configure(resolved);
  checkGraph(configured.config);
  return configured;
}

/** What a plugin made of the config must still be a graph in which everything can be started. */
function checkGraph({ processes }: ResolvedConfig): void {
  const mistakes: string[] = [];
  checkDependencies(processes, Object.keys(processes), (_path, message) => mistakes.push(message));
  if (mistakes.length === 0) return;
  throw new PromptbinError('PB_CONFIGURE_FAILED', `A plugin changed the config: ${mistakes.join(' ')}`);
}
