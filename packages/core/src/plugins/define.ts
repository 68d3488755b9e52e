import type * as z from 'zod';
import type { Plugin, PluginContext, PluginSpec, ServiceName } from '../contract/plugin.ts';
import { PromptbinError } from '../errors/error.ts';

type Factory<Name extends string, O extends z.ZodType, F extends z.ZodType> = (
  ...options: undefined extends z.input<O> ? [options?: z.input<O>] : [options: z.input<O>]
) => Plugin<Name, F>;

/**
 * Makes the factory that a plugin package exports. Options are checked when the config is read, not when the manager runs.
 *
 * @throws PromptbinError `PB_PLUGIN_OPTIONS` from the factory
 */
export function definePlugin<
  const Name extends string,
  O extends z.ZodType,
  F extends z.ZodType,
  const Req extends readonly ServiceName[] = [],
>(spec: PluginSpec<Name, O, F, Req>): Factory<Name, O, F> {
  const factory: Factory<Name, O, F> = (...[input]) => {
    const options = spec.options.safeParse(input);
    if (!options.success) {
      const [issue] = options.error.issues;
      const where = issue?.path.length ? `${spec.name}.${issue.path.join('.')}` : spec.name;
      throw new PromptbinError('PB_PLUGIN_OPTIONS', `Options of plugin ${where}: ${issue?.message ?? 'invalid'}.`, {
        plugin: spec.name,
      });
    }
    return Object.freeze({
      name: spec.name,
      api: 1 as const,
      fields: spec.fields,
      requires: spec.requires ?? [],
      provides: spec.provides ?? [],
      options: options.data,
      // The kernel hands each plugin the context made from its own spec: the one place where the two types meet.
      setup: (ctx: PluginContext<unknown, unknown, never>) =>
        spec.setup(ctx as unknown as PluginContext<z.output<O>, z.output<F>, Req[number]>),
    });
  };
  // So that a factory listed without being called can be named in the message about it.
  return Object.defineProperty(factory, 'name', { value: spec.name });
}
