import type { PluginContext, ProcessView } from '@promptbin/core';
import { resourcesCommand } from './command.ts';
import { History } from './history.ts';
import { readingPeriod } from './limits.ts';
import type { Reading } from './meter.ts';
import { OutOfMemory } from './out-of-memory.ts';
import { Sampler } from './sampler.ts';
import type { Limits, Sampling } from './settings.ts';
import { readUsage } from './usage.ts';
import { LimitWatch } from './watch.ts';

/** What the resources part needs of the plugin's context. */
export type ResourcesContext = Pick<
  PluginContext<unknown, unknown, never>,
  'hooks' | 'clock' | 'signal' | 'processes' | 'settings' | 'emit' | 'use' | 'command'
>;

export interface ResourceSettings {
  /** Undefined: only processes with limits are read. */
  readonly sampling: Sampling | undefined;
  /** As configured now. */
  limitsOf(name: string): Limits | undefined;
}

export interface Resources {
  /** The newest reading of the present incarnation. */
  last(name: string): Reading | undefined;
  /** See `ResourceService`. */
  refresh(): Promise<void>;
}

/** Who has asked once will probably ask again within this time, ms. */
const attentionMs = 60_000;
/** How often readings are stated where only limits ask for them, ms. */
const statedPeriodMs = 5000;

/** Reads process trees, keeps an hour of it, holds it to the limits, and recognises a kill for want of memory. */
export function installResources(ctx: ResourcesContext, settings: ResourceSettings): Resources {
  const { clock, signal } = ctx;
  const { sampling, limitsOf } = settings;
  let askedAt = Number.NEGATIVE_INFINITY;
  const samplePeriodMs = (): number | undefined =>
    clock.now() - askedAt < attentionMs ? sampling?.periodMs : sampling?.idlePeriodMs;
  const network = ctx.use('network');
  const histories = new Map<string, History>();
  const newest = new Map<
    string,
    { readonly generation: number; readonly reading: Reading; readonly statedAt: number }
  >();
  const watch = new LimitWatch(ctx.emit);
  const outOfMemory = new OutOfMemory(clock);

  const took = (process: ProcessView, reading: Reading): void => {
    const { name, generation } = process;
    const at = clock.now();
    const history = histories.get(name) ?? new History();
    histories.set(name, history);
    history.add(at, generation, reading);
    // A limit may need many readings: the log of events is not for all of them.
    const before = newest.get(name);
    const sinceMs = before?.generation === generation ? at - before.statedAt : Number.POSITIVE_INFINITY;
    const isDue = sinceMs > (sampling?.periodMs ?? statedPeriodMs) / 2;
    newest.set(name, { generation, reading, statedAt: isDue ? at : at - sinceMs });
    if (isDue) ctx.emit('process.sample', { name, generation, ...reading });
    // What is being ended has been judged.
    if (process.phase !== 'stopping') watch.take(process, limitsOf(name) ?? {}, reading, at);
  };

  const sampler = new Sampler({
    clock,
    signal,
    processes: () => ctx.processes(),
    tree: (name) => network.tree(name),
    read: readUsage,
    periodOf(name) {
      const limits = limitsOf(name);
      const needed = [limits?.memory, limits?.cpu].flatMap((limit) => (limit ? [readingPeriod(limit)] : []));
      const periodMs = samplePeriodMs();
      const all = periodMs === undefined ? needed : [periodMs, ...needed];
      return all.length === 0 ? undefined : Math.min(...all);
    },
    took,
  });

  const last = (name: string): Reading | undefined => newest.get(name)?.reading;
  const refresh = async (): Promise<void> => {
    askedAt = clock.now();
    await sampler.refresh();
  };

  ctx.hooks.event.tap('resources', ({ type, data }) => {
    if (type === 'process.spawned') outOfMemory.spawned(data);
    // Told late to a plugin that has come later: what is up already counts from now on.
    if (type === 'manager.started') for (const view of ctx.processes()) outOfMemory.spawned(view);
    if (type === 'process.spawned' || type === 'manager.started' || type === 'config.reloaded') sampler.wake();
    if (type === 'process.exited') newest.delete(data.name);
    if (type !== 'process.removed') return;
    histories.delete(data.name);
    newest.delete(data.name);
    watch.forget(data.name);
    outOfMemory.forget(data.name);
  });

  // The exit is stated after its cause is known: what was read last is still there.
  ctx.hooks.diagnose.tap('outOfMemory', (process, evidence) =>
    outOfMemory.diagnose(process, evidence, last(process.name)),
  );

  ctx.command(
    resourcesCommand({
      clock,
      names: () => ctx.processes().map(({ name }) => name),
      limitsOf,
      last,
      refresh,
      history: (name, ms) => histories.get(name)?.last(ms, clock.now()) ?? [],
    }),
  );
  return { last, refresh };
}
