import type * as z from 'zod';
import type { Plugin, PluginConfig, PluginContext, PluginReport, PluginSpec, ServiceName } from '../contract/plugin.ts';

type Factory<Name extends string, O extends z.ZodType, F extends z.ZodType> = (
  ...options: undefined extends z.input<O> ? [options?: z.input<O>] : [options: z.input<O>]
) => Plugin<Name, F>;

/** Makes the factory that a plugin package exports. What it is called with is checked when the config is read. */
export function definePlugin<
  const Name extends string,
  O extends z.ZodType,
  F extends z.ZodType,
  const Req extends readonly ServiceName[] = [],
>(spec: PluginSpec<Name, O, F, Req>): Factory<Name, O, F> {
  const factory: Factory<Name, O, F> = (...[input]) =>
    Object.freeze({
      name: spec.name,
      api: 1 as const,
      fields: spec.fields,
      requires: spec.requires ?? [],
      provides: spec.provides ?? [],
      live: spec.live ?? false,
      input,
      options: spec.options,
      // The kernel hands each plugin what was made from its own spec: the one place where the two types meet.
      check: (config: PluginConfig<unknown, unknown>, report: PluginReport) =>
        spec.check?.(config as PluginConfig<z.output<O>, z.output<F>>, report),
      setup: (ctx: PluginContext<unknown, unknown, never>) =>
        spec.setup(ctx as unknown as PluginContext<z.output<O>, z.output<F>, Req[number]>),
    });
  // So that a factory listed without being called can be named in the message about it.
  return Object.defineProperty(factory, 'name', { value: spec.name });
}
