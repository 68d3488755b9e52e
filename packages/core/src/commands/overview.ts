import * as z from 'zod';
import type { Command } from '../contract/commands.ts';
import type { ManagerEvent } from '../contract/events.ts';
import type { HookName } from '../contract/hooks.ts';
import type { ProcessView } from '../contract/process.ts';
import type { PluginsResult, Resources, ResourcesResult } from '../contract/results.ts';
import { plural } from '../state/words.ts';
import { bind } from './bind.ts';
import type { Spec } from './spec-fields.ts';

export interface OverviewHost {
  readonly plugins: {
    readonly installed: readonly { readonly name: string; readonly taps: readonly { readonly hook: HookName }[] }[];
  };
  processes(): readonly ProcessView[];
  /** All that are kept, oldest first. */
  events(): readonly ManagerEvent[];
  /** Resolves when what is read of the processes is of now. */
  refreshSamples(): Promise<void>;
}

const nothing: z.ZodType<Record<string, never>> = z.strictObject({}) as z.ZodType<Record<string, never>>;

const resourcesSpec: Spec<Record<string, never>> = {
  name: 'process.resources',
  summary: 'CPU and memory of all processes, each with its tree, of the last seconds.',
  effect: 'read',
  input: nothing,
};

const pluginsSpec: Spec<Record<string, never>> = {
  name: 'plugin.list',
  summary: 'The plugins in the order of their setup, each with the hooks that it has a say in.',
  effect: 'read',
  input: nothing,
};

/** The commands that tell of everything at once, for tables. */
export function overviewCommands({ plugins, processes, events, refreshSamples }: OverviewHost): readonly Command[] {
  return [
    bind(resourcesSpec, async (): Promise<ResourcesResult> => {
      await refreshSamples();
      const samples = lastSamples(events(), processes());
      const summary = `${plural(samples.size, 'process', 'processes')} sampled`;
      return { summary, resources: Object.fromEntries(samples) };
    }),
    bind(pluginsSpec, (): PluginsResult => {
      const { installed } = plugins;
      const told = installed.map(({ name, taps }) => ({ name, hooks: [...new Set(taps.map(({ hook }) => hook))] }));
      return { summary: plural(installed.length, 'plugin'), plugins: told };
    }),
  ];
}

/** By name, the last sample of the incarnation that is there. */
export function lastSamples(
  events: readonly ManagerEvent[],
  views: readonly ProcessView[],
): ReadonlyMap<string, Resources> {
  const runs = new Map(views.map(({ name, generation }) => [name, generation]));
  const samples = new Map<string, Resources>();
  for (const event of events) {
    if (event.type !== 'process.sample') continue;
    const { name, generation, ...resources } = event.data;
    if (runs.get(name) === generation) samples.set(name, resources);
  }
  return samples;
}
