import type { ResolvedConfig } from '../contract/config.ts';
import type { HookName } from '../contract/hooks.ts';
import type { ConfiguredPlugin, ServiceName } from '../contract/plugin.ts';
import { messageOf, PromptbinError } from '../errors/error.ts';
import type { Tap } from '../hooks/taps.ts';
import { Disposer } from '../kernel/disposer.ts';
import { within } from '../kernel/within.ts';
import { createContext, type PluginHost } from './context.ts';

const setupBudgetMs = 10_000;
const disposeBudgetMs = 2000;

/** Facts are for those who act on them: one that has been disposed of must not begin anything. */
const factual: ReadonlySet<HookName> = new Set(['event', 'output', 'closing']);

/** One plugin, from its setup to its end. */
export class Installation {
  readonly configured: ConfiguredPlugin;
  readonly taps: Tap[] = [];
  /** Services that it has asked for, there or not. */
  readonly used: Set<ServiceName> = new Set();
  readonly #host: PluginHost;
  readonly #tapLate: (tap: Tap) => void;
  readonly #scope: Disposer;
  readonly #teardown = new AbortController();
  /** The config that it is set up for, until that is in force. */
  #ahead: ResolvedConfig | undefined;
  /** Whether its opinions count, as they do from its setup until another stands in its place. */
  #speaks = true;
  #isLive = false;

  /** @param tapLate puts a tap into force that was made after the others */
  constructor(configured: ConfiguredPlugin, host: PluginHost, tapLate: (tap: Tap) => void) {
    this.configured = configured;
    this.#host = host;
    this.#tapLate = tapLate;
    const { name } = configured.plugin;
    this.#scope = new Disposer(host.clock, disposeBudgetMs, (fault) =>
      host.guard.blame(name, 'dispose', 'PB_PLUGIN_DISPOSE', `Plugin "${name}", disposer: ${messageOf(fault)}.`),
    );
    // Added first, so it runs last: what the plugin disposes of itself may still look at a signal that is not aborted.
    this.#scope.add(() => this.#teardown.abort());
  }

  get name(): string {
    return this.configured.plugin.name;
  }

  /**
   * @param config what the plugin gets to see until it goes live. Default: what is in force
   * @throws PromptbinError `PB_PLUGIN_SETUP`
   */
  async setUp(config?: ResolvedConfig): Promise<void> {
    this.#ahead = config;
    const host = this.#host;
    const { plugin } = this.configured;
    const context = createContext(this.configured, host, {
      signal: this.#teardown.signal,
      tap: (tap) => this.#tap(tap),
      config: () => this.#ahead ?? host.config(),
      using: (service) => void this.used.add(service),
      onDispose: (fn) => this.#scope.add(fn),
    });
    try {
      await within(host.clock, setupBudgetMs, async () => plugin.setup(context));
    } catch (fault) {
      throw new PromptbinError('PB_PLUGIN_SETUP', `Plugin "${plugin.name}" failed in setup: ${messageOf(fault)}.`, {
        plugin: plugin.name,
        cause: fault,
      });
    }
  }

  /** The config that it was set up for is in force. */
  goLive(): void {
    this.#ahead = undefined;
    this.#isLive = true;
  }

  /** Its opinions hold until `silence`: what crashes meanwhile must not be decided about without it. Never rejects. */
  async dispose(): Promise<void> {
    this.#isLive = false;
    await this.#scope.dispose();
  }

  silence(): void {
    this.#speaks = false;
  }

  #tap({ fn, ...tap }: Tap): void {
    const heard = factual.has(tap.hook) ? () => this.#isLive : () => this.#speaks;
    const own: Tap = { ...tap, fn: (...args) => (heard() ? fn(...args) : undefined) };
    this.taps.push(own);
    // Those of its setup come into force together.
    if (this.#isLive) this.#tapLate(own);
  }
}
