import { definePlugin, type MarkerView, type Plugin } from '@promptbin/core';
import type { ZodType } from 'zod';
import { Reactions } from './actions/reactions.ts';
import type { ToldFile } from './actions/told-file.ts';
import type { WatchApplyResult } from './apply/command.ts';
import { installApply } from './apply/install.ts';
import type { AppliedProcess } from './apply/report.ts';
import { addCommands } from './commands.ts';
import type { ActionFields, WatchFields, WatchSettings } from './fields.ts';
import { gateOf, keepGates } from './gate.ts';
import { Holds } from './holds.ts';
import { describeMarker } from './locks/faults.ts';
import { inspectMarker } from './locks/inspect.ts';
import { installLocks } from './locks/install.ts';
import { type FilePlan, fields, type NoOptions, options } from './settings.ts';
import { Watches } from './watches.ts';

export type { WatchHoldResult, WatchListResult, WatchReleaseResult } from './commands.ts';
export type { LockBroken, LockListing } from './locks/commands.ts';
export type { ActionFields, AppliedProcess, WatchApplyResult, WatchFields, WatchSettings };

declare module '@promptbin/core' {
  interface EventMap {
    /** Files that a process watches have changed: `count` of them, at most 100 told, paths relative to the config's folder. */
    'files.changed': { name: string; files: readonly ToldFile[]; count: number };
    /** So many files are watched from now on, and what they hold is known. */
    'files.watched': { name: string; files: number };
    /** What follows has to wait, as for a lock. */
    'files.waiting': { name: string; message: string };
    /** The system cannot tell of changes, so that the files are looked at every now and then. */
    'files.polling': { name: string; everyMs: number; message: string };
    /** The process seems to write what it watches: nothing follows until `watch.resume`. */
    'files.suspended': { name: string; path: string; message: string };
    /** The command of an action has succeeded. */
    'files.ran': { name: string; message: string };
    /** A signal, a command or a request upon a change has failed. */
    'files.actionFault': { name: string; message: string };
    /** The files of a process cannot be watched, or not all of them. */
    'files.watchFault': { name: string; message: string };
    /** The marker of a lock was removed: its holder has ended, or it named nobody for too long. */
    'lock.broken': { path: string; marker: MarkerView; message: string };
    /** The marker of a lock was gone before its release: somebody had taken it away. */
    'lock.lost': { path: string; message: string };
    /** Nothing follows the changes of some process, or of any, until the lease is over. */
    'files.held': { lease: string; message: string };
    /** A suspension has ended. */
    'files.resumed': { name: string; message: string };
    /** Somebody waits for what follows the changed files of a process. */
    'files.applied': { name: string; number: number; message: string };
    /** Changes are kept together no longer. `expired`: nobody released them. */
    'files.released': { lease: string; expired: boolean; message: string };
  }
}

/**
 * Restarts a process when its files change, or does something else upon that: once for a burst, and only what is wanted up.
 * Provides the service `locks`.
 *
 * @throws PromptbinError `PB_PLUGIN_OPTIONS`
 */
const fswatch: (options?: NoOptions) => Plugin<'fswatch', ZodType<FilePlan, WatchFields>> = definePlugin({
  name: 'fswatch',
  options,
  fields,
  provides: ['locks'],
  live: true,
  setup(ctx) {
    installLocks(ctx);
    const inspect = async (file: string): Promise<string | undefined> => {
      const marker = await inspectMarker(file);
      // Whoever wants it next takes it over.
      return marker === undefined || marker.stale ? undefined : `held by ${describeMarker(marker)}`;
    };
    const reactions = new Reactions(ctx);
    const holds = new Holds(ctx.clock, ({ lease, name }, expired) => {
      const message = `${lease} is ${expired ? 'over, and nobody has released it' : 'released'}`;
      ctx.emit('files.released', { lease, expired, message });
      watches.resume(name === undefined ? watches.names : [name]);
    });
    const watches = new Watches({
      ctx,
      reactions,
      isHeld: (name) => holds.isHeld(name),
      gateOf: (name) => gateOf(ctx, name, inspect),
    });
    keepGates(ctx, inspect);
    addCommands(ctx, watches, holds, reactions);
    installApply({ ctx, watches, holds, reactions });
    ctx.hooks.event.tap('follow', ({ type }) => {
      if (type === 'manager.started' || type === 'config.reloaded') watches.follow();
    });
    ctx.onDispose(() => watches.end());
  },
});

export { fswatch, fswatch as plugin };
