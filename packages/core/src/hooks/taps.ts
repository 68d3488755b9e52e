import type { HookName, TapName } from '../contract/hooks.ts';
import type { HookSet } from './create.ts';
import { createHooks } from './create.ts';
import type { Guard } from './guard.ts';

/** One tap of a plugin, as it was made. Kept, so that hooks can be made anew without those of a plugin that has left. */
export interface Tap {
  readonly plugin: string;
  readonly hook: HookName;
  readonly kind: 'tap' | 'tapPromise';
  readonly name: TapName;
  readonly fn: (...args: unknown[]) => unknown;
}

type IsInstalled = (plugin: string) => boolean;

export function addTap(hooks: HookSet, { plugin, hook, kind, name, fn }: Tap, isInstalled: IsInstalled): void {
  const { stage, before } = typeof name === 'string' ? {} : name;
  const options = {
    name: plugin,
    ...(stage === undefined ? {} : { stage }),
    // tapable puts a tap first when it does not know the name in `before`; an absent plugin must change nothing.
    ...(before !== undefined && isInstalled(before) ? { before } : {}),
  };
  const target = hooks[hook];
  if (kind === 'tapPromise' && isAsync(target)) target.tapPromise(options, fn as never);
  else target.tap(options, fn as never);
}

export function hooksWith(taps: readonly Tap[], guard: Guard, isInstalled: IsInstalled): HookSet {
  const hooks = createHooks(guard);
  for (const tap of taps) addTap(hooks, tap, isInstalled);
  return hooks;
}

/** tapable has no untap: the hooks are others afterwards, in an object that stays the same for all who hold it. */
export function replaceTaps(hooks: HookSet, taps: readonly Tap[], guard: Guard, isInstalled: IsInstalled): void {
  Object.assign(hooks, hooksWith(taps, guard, isInstalled));
}

// The promise method of a sync hook exists and throws when called; its constructor tells the kind.
export function isAsync(
  hook: HookSet[HookName],
): hook is Extract<HookSet[HookName], { promise: unknown; tapPromise: unknown }> {
  return hook.constructor.name.startsWith('Async');
}
