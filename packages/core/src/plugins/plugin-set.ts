import type { ResolvedConfig } from '../contract/config.ts';
import type { ConfiguredPlugin } from '../contract/plugin.ts';
import { messageOf } from '../errors/error.ts';
import { addTap, hooksWith, replaceTaps, type Tap } from '../hooks/taps.ts';
import { comparePlugins, type PluginStep } from './comparison.ts';
import { type Configured, configureWith } from './configure.ts';
import type { PluginHost } from './context.ts';
import { Installation } from './installation.ts';
import { orderPlugins } from './order.ts';

export type InstallationStep = PluginStep<Installation>;

/** Plugins that have been set up for a config that is not in force yet. */
export interface StagedPlugins {
  readonly steps: readonly InstallationStep[];
  /** @throws PromptbinError `PB_CONFIGURE_FAILED` */
  configure(config: ResolvedConfig): Promise<Configured>;
  /** Their taps are in force; those of plugins that have left are gone. To be called in the turn that takes the config. */
  commit(): void;
  /** Who is new is taken back, and who has left is set up again, unless `signal` says that the end has come. Never rejects. */
  rollBack(): Promise<void>;
}

/** The plugins of a manager. */
export class PluginSet {
  readonly #host: PluginHost;
  #installed: readonly Installation[] = [];

  constructor(host: PluginHost) {
    this.#host = host;
  }

  /** In the order in which they were set up. */
  get installed(): readonly Installation[] {
    return this.#installed;
  }

  get names(): readonly string[] {
    return this.#installed.map(({ name }) => name);
  }

  /**
   * What `stage` would do, without a setup: only plugins that stay have a say in `configure`.
   *
   * @throws PromptbinError `PB_PLUGIN_REQUIRES`, `PB_SERVICE_DUPLICATE`
   */
  foresee(plugins: readonly ConfiguredPlugin[]): Pick<StagedPlugins, 'steps' | 'configure'> {
    const steps = this.#compare(plugins);
    const staying = steps.flatMap((step) => (step.action === 'keep' ? [step.before] : []));
    return { steps, configure: (config) => this.#configure(staying, config) };
  }

  /**
   * Disposes of the plugins that leave or are replaced, in reverse, and sets up the new ones, in order. When that fails,
   * it is rolled back.
   *
   * @param config what the new ones see as their fields
   * @param signal aborted when the manager is ending
   * @throws PromptbinError `PB_PLUGIN_REQUIRES`, `PB_SERVICE_DUPLICATE` before anything is done, `PB_PLUGIN_SETUP`
   */
  async stage(
    plugins: readonly ConfiguredPlugin[],
    config: ResolvedConfig,
    signal?: AbortSignal,
  ): Promise<StagedPlugins> {
    const steps = this.#compare(plugins);
    const before = this.#installed;
    const gone = steps.flatMap((step) => (step.action === 'remove' || step.action === 'replace' ? [step.before] : []));
    const next: Installation[] = [];
    const added: Installation[] = [];
    const setUp = async (configured: ConfiguredPlugin): Promise<void> => {
      this.#host.guard.forget(configured.plugin.name);
      const installation = new Installation(configured, this.#host, (tap) => this.#tapLate(tap));
      added.push(installation);
      next.push(installation);
      await installation.setUp(config);
    };
    const rollBack = async (): Promise<void> => {
      for (const one of added.toReversed()) await one.dispose();
      if (gone.length > 0 && !signal?.aborted) await this.#restore(before, gone);
    };
    // What one of them still holds, such as a port, the one in its place may want.
    for (const one of before.filter((installed) => gone.includes(installed)).toReversed()) await one.dispose();
    try {
      for (const step of steps) {
        if (step.action === 'remove') continue;
        signal?.throwIfAborted();
        if (step.action === 'keep') next.push(step.before);
        else await setUp(step.after);
      }
    } catch (fault) {
      await rollBack();
      throw fault;
    }
    return {
      steps,
      configure: (resolved) => this.#configure(next, resolved),
      commit: () => this.#commit(next, gone, added),
      rollBack,
    };
  }

  /** In reverse. Never rejects. */
  async dispose(): Promise<void> {
    const installed = this.#installed;
    this.#installed = [];
    for (const one of installed.toReversed()) await one.dispose();
  }

  #compare(plugins: readonly ConfiguredPlugin[]): readonly InstallationStep[] {
    const provided = new Set(this.#installed.flatMap(({ configured }) => configured.plugin.provides));
    const ofCore = [...this.#host.services.keys()].filter((service) => !provided.has(service));
    return comparePlugins(this.#installed, orderPlugins(plugins, ofCore));
  }

  #configure(installations: readonly Installation[], config: ResolvedConfig): Promise<Configured> {
    return configureWith(
      installations.flatMap(({ taps }) => taps),
      config,
      (taps) => hooksWith(taps, this.#host.guard, isAmong(installations)),
    );
  }

  #commit(next: readonly Installation[], gone: readonly Installation[], added: readonly Installation[]): void {
    const { hooks, guard, started } = this.#host;
    for (const one of gone) one.silence();
    for (const one of added) one.goLive();
    this.#installed = next;
    const taps = next.flatMap((one) => one.taps);
    replaceTaps(hooks, taps, guard, isAmong(next));
    const event = started();
    if (event === undefined || added.length === 0) return;
    // However late a plugin comes: that the manager has started is the first thing that it hears.
    const own = added.flatMap((one) => one.taps);
    hooksWith(own, guard, isAmong(next)).event.call(event);
  }

  /** Sets up anew those who had to leave for nothing. One that fails in it is blamed, and stays out. */
  async #restore(before: readonly Installation[], gone: readonly Installation[]): Promise<void> {
    const { guard } = this.#host;
    const next: Installation[] = [];
    const added: Installation[] = [];
    for (const one of before) {
      if (!gone.includes(one)) {
        next.push(one);
        continue;
      }
      const again = new Installation(one.configured, this.#host, (tap) => this.#tapLate(tap));
      try {
        await again.setUp();
        next.push(again);
        added.push(again);
      } catch (fault) {
        await again.dispose();
        guard.blame(one.name, 'setup', 'PB_PLUGIN_SETUP', messageOf(fault));
      }
    }
    this.#commit(next, gone, added);
  }

  #tapLate(tap: Tap): void {
    addTap(this.#host.hooks, tap, isAmong(this.#installed));
  }
}

const isAmong =
  (installations: readonly Installation[]) =>
  (name: string): boolean =>
    installations.some((one) => one.name === name);
