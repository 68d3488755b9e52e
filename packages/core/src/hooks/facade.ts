import type { HookName, ManagerHooks, TapName } from '../contract/hooks.ts';
import type { HookSet } from './create.ts';
import { isAsync, type Tap } from './taps.ts';

type AnyTap = (...args: unknown[]) => unknown;

/**
 * The hooks as one plugin sees them: tap methods only, closed over the plugin's name, so that no tap can call a hook,
 * intercept it or act under another name.
 */
export function createFacade(plugin: string, hooks: HookSet, add: (tap: Tap) => void): ManagerHooks {
  const facade = Object.fromEntries(
    (Object.keys(hooks) as HookName[]).map((hook) => {
      const method = (kind: Tap['kind']) => (name: TapName, fn: AnyTap) => add({ plugin, hook, kind, name, fn });
      const tap = method('tap');
      return [hook, Object.freeze(isAsync(hooks[hook]) ? { tap, tapPromise: method('tapPromise') } : { tap })];
    }),
  );
  // Built in a loop over the same names: the compiler cannot follow which kind goes with which name.
  return Object.freeze(facade) as unknown as ManagerHooks;
}
