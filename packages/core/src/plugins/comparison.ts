import { isDeepStrictEqual } from 'node:util';
import type { ConfiguredPlugin, ServiceName } from '../contract/plugin.ts';

/** A plugin that is there, with the services that it has asked for. */
export interface Present {
  readonly configured: ConfiguredPlugin;
  readonly used: ReadonlySet<ServiceName>;
}

export type PluginStep<P extends Present> =
  | { readonly action: 'add'; readonly name: string; readonly after: ConfiguredPlugin }
  | { readonly action: 'remove'; readonly name: string; readonly before: P }
  | {
      readonly action: 'replace' | 'keep';
      readonly name: string;
      readonly before: P;
      readonly after: ConfiguredPlugin;
    };

/**
 * What has to happen to each plugin: those that leave first, in reverse, then the others in the order `after`. One whose
 * options or code differ is replaced, and so is whoever holds a service of one that comes, goes or is replaced.
 */
export function comparePlugins<P extends Present>(
  before: readonly P[],
  after: readonly ConfiguredPlugin[],
): readonly PluginStep<P>[] {
  const nameOf = ({ plugin }: ConfiguredPlugin): string => plugin.name;
  const present = new Map(before.map((one) => [nameOf(one.configured), one]));
  const names = after.map(nameOf);
  const leaving = before.filter(({ configured }) => !names.includes(nameOf(configured)));
  const changed = new Set([
    ...leaving.map(({ configured }) => configured),
    ...after.filter((next) => {
      const one = present.get(nameOf(next));
      return one === undefined || !isSame(one.configured, next);
    }),
  ]);
  for (let size = -1; size !== changed.size; ) {
    size = changed.size;
    const moved = new Set(
      [...changed]
        .flatMap((one) => [one, present.get(nameOf(one))?.configured ?? one])
        .flatMap(({ plugin }) => plugin.provides),
    );
    for (const next of after) {
      const used = present.get(nameOf(next))?.used ?? new Set();
      if ([...used, ...next.plugin.requires].some((service) => moved.has(service))) changed.add(next);
    }
  }
  return [
    ...leaving.toReversed().map((one) => ({ action: 'remove' as const, name: nameOf(one.configured), before: one })),
    ...after.map((next) => {
      const one = present.get(nameOf(next));
      if (one === undefined) return { action: 'add' as const, name: nameOf(next), after: next };
      const action = changed.has(next) ? ('replace' as const) : ('keep' as const);
      return { action, name: nameOf(next), before: one, after: next };
    }),
  ];
}

// A plugin makes its schemas once, when its module is loaded: other ones mean other code.
function isSame(one: ConfiguredPlugin, other: ConfiguredPlugin): boolean {
  return (
    one.plugin.fields === other.plugin.fields &&
    one.plugin.options === other.plugin.options &&
    isDeepStrictEqual(one.options, other.options)
  );
}
