import type { ResolvedConfig } from '../contract/config.ts';
import type { HookSet } from '../hooks/create.ts';
import type { Tap } from '../hooks/taps.ts';

/** What plugins made of a config. */
export interface Configured {
  readonly config: ResolvedConfig;
  /** What each that gave an answer made of it, in order. */
  readonly changes: readonly { readonly plugin: string; readonly config: ResolvedConfig }[];
}

/**
 * Asks the taps on `configure`, and notes who answers what.
 *
 * @throws PromptbinError `PB_CONFIGURE_FAILED`
 */
export async function configureWith(
  taps: readonly Tap[],
  config: ResolvedConfig,
  hooksOf: (taps: readonly Tap[]) => HookSet,
): Promise<Configured> {
  const changes: Configured['changes'][number][] = [];
  const noting = (tap: Tap): Tap => {
    const note = (answer: unknown): unknown => {
      // What is no config fails behind this, and the whole with it.
      if (answer !== undefined) changes.push({ plugin: tap.plugin, config: answer as ResolvedConfig });
      return answer;
    };
    const fn: Tap['fn'] =
      tap.kind === 'tap' ? (...args) => note(tap.fn(...args)) : async (...args) => note(await tap.fn(...args));
    return { ...tap, fn };
  };
  const hooks = hooksOf(taps.filter(({ hook }) => hook === 'configure').map(noting));
  return { config: await hooks.configure.promise(config), changes };
}
