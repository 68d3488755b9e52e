import { relative, resolve } from 'node:path';
import { type Cause, definePlugin, type MarkerView, type Plugin, type ProcessView } from '@promptbin/core';
import type { ZodType } from 'zod';
import { Burst } from './burst.ts';
import { createFilter } from './filter.ts';
import { installLocks } from './locks/install.ts';
import { fields, type NoOptions, options, type WatchFields, type WatchPlan, type WatchSettings } from './settings.ts';
import { watchFiles } from './watcher.ts';

export type { LockBroken, LockListing } from './locks/commands.ts';
export type { WatchFields, WatchSettings };

declare module '@promptbin/core' {
  interface EventMap {
    /** Files that a process watches have changed: `count` of them, at most 100 by path, relative to the config's folder. */
    'files.changed': { name: string; paths: readonly string[]; count: number };
    /** The files of a process cannot be watched, or not all of them. */
    'files.watchFault': { name: string; message: string };
    /** The marker of a lock was removed: its holder has ended, or it named nobody for too long. */
    'lock.broken': { path: string; marker: MarkerView; message: string };
    /** The marker of a lock was gone before its release: somebody had taken it away. */
    'lock.lost': { path: string; message: string };
  }
}

/**
 * Restarts a process when its files change: once for a burst, and only what is wanted up.
 *
 * @throws PromptbinError `PB_PLUGIN_OPTIONS`
 */
const fswatch: (options?: NoOptions) => Plugin<'fswatch', ZodType<WatchPlan, WatchFields>> = definePlugin({
  name: 'fswatch',
  options,
  fields,
  provides: ['locks'],
  live: true,
  setup(ctx) {
    installLocks(ctx);

    const act = (name: string, action: WatchPlan['action'], files: readonly string[]): void => {
      const paths = files.map((file) => relative(ctx.root, file));
      ctx.emit('files.changed', { name, paths: paths.slice(0, 100), count: paths.length });
      const process = ctx.processes().find((view) => view.name === name);
      if (action === 'restart' && process !== undefined && readsOldFiles(process)) {
        ctx.request('restart', process, describeChange(paths));
      }
    };

    const watches = new Map<string, { readonly plan: WatchPlan; end(): void }>();
    const closing = new Set<Promise<void>>();

    const watchProcess = (name: string, plan: WatchPlan): void => {
      const watched = plan.paths.map((path) => resolve(ctx.root, path));
      const burst = new Burst(ctx.clock, plan, (files) => act(name, plan.action, files));
      const close = watchFiles(watched, createFilter(watched, plan), {
        changed: (path) => burst.add(path),
        failed: (message) => ctx.emit('files.watchFault', { name, message }),
      });
      const end = (): void => {
        burst.cancel();
        const closed = close().finally(() => closing.delete(closed));
        closing.add(closed);
      };
      watches.set(name, { plan, end });
    };

    // What has not changed in a reload is the very same plan.
    const follow = (): void => {
      const before = new Map(watches);
      watches.clear();
      for (const { name } of ctx.processes()) {
        const plan = ctx.fields(name);
        const watch = before.get(name);
        if (plan === undefined) continue;
        if (watch?.plan !== plan) watchProcess(name, plan);
        else {
          watches.set(name, watch);
          before.delete(name);
        }
      }
      // After the new ones have begun, so that no edit falls between two watchers.
      for (const { end } of before.values()) end();
    };

    ctx.hooks.event.tap('follow', ({ type }) => {
      if (type === 'manager.started' || type === 'config.reloaded') follow();
    });

    ctx.onDispose(async () => {
      for (const { end } of watches.values()) end();
      await Promise.all(closing);
    });
  },
});

export { fswatch, fswatch as plugin };

/** Whether it runs, or ended, with the files as they were. What waits has yet to read them; what is unwanted stays down. */
function readsOldFiles({ desired, phase }: ProcessView): boolean {
  return desired === 'up' && phase !== 'waiting' && phase !== 'stopped';
}

function describeChange(paths: readonly string[]): Cause {
  const more = paths.length > 1 ? ` (+${paths.length - 1} more)` : '';
  return { code: 'filesChanged', message: `${paths[0]} changed${more}`, evidence: paths.slice(0, 8) };
}
