import type { HookName, ManagerHooks, TapName } from '../contract/hooks.ts';
import type { HookSet } from './create.ts';

type AnyTap = (...args: never[]) => unknown;

/**
 * The hooks as one plugin sees them: tap methods only, closed over the plugin's name, so that no tap can call a hook,
 * intercept it or act under another name.
 */
export function createFacade(plugin: string, hooks: HookSet, isInstalled: (plugin: string) => boolean): ManagerHooks {
  const facade = Object.fromEntries(
    (Object.keys(hooks) as HookName[]).map((name) => {
      const hook = hooks[name];
      const options = (given: TapName): { name: string; stage?: number; before?: string } => {
        if (typeof given === 'string') return { name: plugin };
        const { stage, before } = given;
        return {
          name: plugin,
          ...(stage === undefined ? {} : { stage }),
          // tapable puts a tap first when it does not know the name in `before`; an absent plugin must change nothing.
          ...(before !== undefined && isInstalled(before) ? { before } : {}),
        };
      };
      const tap = (given: TapName, fn: AnyTap): void => hook.tap(options(given), fn as never);
      if (!isAsync(hook)) return [name, Object.freeze({ tap })];
      const tapPromise = (given: TapName, fn: AnyTap): void => hook.tapPromise(options(given), fn as never);
      return [name, Object.freeze({ tap, tapPromise })];
    }),
  );
  // Built in a loop over the same names: the compiler cannot follow which kind goes with which name.
  return Object.freeze(facade) as unknown as ManagerHooks;
}

// The promise method of a sync hook exists and throws when called; its constructor tells the kind.
function isAsync(
  hook: HookSet[HookName],
): hook is Extract<HookSet[HookName], { promise: unknown; tapPromise: unknown }> {
  return hook.constructor.name.startsWith('Async');
}
