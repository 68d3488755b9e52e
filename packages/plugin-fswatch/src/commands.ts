import type { Call } from '@promptbin/core';
import * as z from 'zod';
import type { Reaction, Reactions } from './actions/reactions.ts';
import { type Context, findProcess } from './context.ts';
import type { Holds } from './holds.ts';
import type { Watches } from './watches.ts';

/** What `watch.list` answers of one process. */
export interface WatchView {
  readonly name: string;
  /** One for each of its watches. */
  readonly watches: readonly {
    readonly paths: readonly string[];
    readonly action: string;
    /** How often is looked, ms; absent where the system tells. */
    readonly pollMs?: number;
  }[];
  /** Changed files that have to wait; absent when there are none. */
  readonly waiting?: { readonly files: number; readonly for: string };
  /** What has followed the newest change. */
  readonly last?: Reaction;
  /** It seems to write what it watches, so nothing follows until `watch.resume`. */
  readonly suspended: boolean;
}

export interface WatchListResult {
  readonly summary: string;
  readonly processes: readonly WatchView[];
  readonly holds: readonly {
    readonly lease: string;
    readonly name?: string;
    readonly caller: string;
    readonly until: string;
  }[];
}

export interface WatchHoldResult {
  readonly summary: string;
  /** For `watch.release`. */
  readonly lease: string;
  /** When it ends by itself; ISO 8601. */
  readonly until: string;
}

export interface WatchReleaseResult {
  readonly summary: string;
  /** What has followed: `suspended` and `none` are nothing. */
  readonly followed: readonly Reaction[];
}

/** What `watch.list` answers, as a resource of MCP. */
const watchesUri = 'promptbin://watches';
/** Each of these changes it. */
const newsworthy: ReadonlySet<string> = new Set([
  'files.changed',
  'files.waiting',
  'files.polling',
  'files.suspended',
  'files.resumed',
  'files.held',
  'files.released',
]);

const process = z.string().min(1).describe('Name of the process.');

/** The commands by which people and agents see and steer the watches. */
export function addCommands(ctx: Context, watches: Watches, holds: Holds, reactions: Reactions): void {
  const find = (name: string): void => findProcess(ctx, name);
  const namesOf = (name: string | undefined): readonly string[] => (name === undefined ? watches.names : [name]);

  ctx.hooks.event.tap('watches', ({ type }) => {
    if (newsworthy.has(type)) ctx.emit('resource.changed', { uris: [watchesUri] });
  });
  ctx.command({
    name: 'watch.list',
    tool: 'list_watches',
    summary: 'What is watched for each process, what follows a change, and what is held back.',
    effect: 'read',
    input: z.strictObject({}),
    resource: { uri: watchesUri, title: 'Watched files' },
    run: (): WatchListResult => listWatches(watches, holds, reactions),
  });
  ctx.command({
    name: 'watch.hold',
    tool: 'hold_changes',
    summary: 'Keeps file changes together while you edit: nothing is restarted before release_changes, or the timeout.',
    effect: 'write',
    input: z.strictObject({
      name: process.optional().describe('Only for this process. Default: all.'),
      timeoutSec: z.number().min(1).max(3600).default(120).describe('Ends by itself after this long, in seconds.'),
    }),
    run: ({ name, timeoutSec }, { caller }: Call): WatchHoldResult => {
      if (name !== undefined) find(name);
      const { lease, until } = holds.add({ name, caller, ms: timeoutSec * 1000 });
      ctx.emit('files.held', { lease, message: `${lease}: ${caller} holds changes back` });
      const summary = `Changes ${name === undefined ? '' : `of ${name} `}are kept until ${lease} is released, ${timeoutSec} s at most.`;
      return { summary, lease, until: new Date(until).toISOString() };
    },
  });
  ctx.command({
    name: 'watch.release',
    tool: 'release_changes',
    summary: 'Ends a hold, waits until the changes have come to rest, and tells what was restarted for them.',
    effect: 'write',
    input: z.strictObject({ lease: z.string().describe('As hold_changes answered it.') }),
    run: async ({ lease }, { signal }: Call): Promise<WatchReleaseResult> => {
      const followed: Reaction[] = [];
      using _ = reactions.listen((reaction) => followed.push(reaction));
      const hold = holds.release(lease);
      if (hold === undefined)
        return { summary: `There is no hold "${lease}": it has ended already, or never was.`, followed };
      const names = namesOf(hold.name);
      await watches.settled(names, signal);
      const waiting = names.filter((name) => watches.of(name).some((watch) => watch.waiting > 0));
      return { summary: summarize(followed, waiting), followed };
    },
  });
  ctx.command({
    name: 'watch.resume',
    tool: 'resume_watch',
    summary: 'Follows changes again for a process that seemed to write what it watches, also those that it missed.',
    effect: 'write',
    input: z.strictObject({ name: process }),
    run: ({ name }) => {
      find(name);
      const wasSuspended = reactions.isSuspended(name);
      reactions.resume(name);
      if (wasSuspended) ctx.emit('files.resumed', { name, message: `changes are acted upon for ${name} again` });
      return { summary: wasSuspended ? `Changes are acted upon for ${name} again.` : `${name} was not suspended.` };
    },
  });
}

function listWatches(watches: Watches, holds: Holds, reactions: Reactions): WatchListResult {
  const processes = watches.names.map((name): WatchView => {
    const all = watches.of(name);
    const last = reactions.last(name);
    const files = all.reduce((sum, { waiting }) => sum + waiting, 0);
    const reason =
      all.find(({ waitsFor }) => waitsFor !== undefined)?.waitsFor ?? (holds.isHeld(name) ? 'a hold' : 'rest');
    return {
      name,
      watches: all.map(({ plan, pollMs }) => ({
        paths: plan.paths,
        action: plan.action.kind,
        ...(pollMs !== undefined && { pollMs }),
      })),
      ...(files > 0 && { waiting: { files, for: reason } }),
      ...(last !== undefined && { last }),
      suspended: reactions.isSuspended(name),
    };
  });
  const suspended = processes.flatMap(({ name, suspended: is }) => (is ? [name] : []));
  const held = holds.all.map(({ lease, name, caller, until }) => ({
    lease,
    ...(name !== undefined && { name }),
    caller,
    until: new Date(until).toISOString(),
  }));
  const said = [
    `Watched: ${processes.map(({ name }) => name).join(', ') || 'nothing'}`,
    ...(held.length > 0 ? [`holds: ${held.map(({ lease }) => lease).join(', ')}`] : []),
    ...(suspended.length > 0 ? [`suspended: ${suspended.join(', ')}`] : []),
  ];
  return { summary: `${said.join('; ')}.`, processes, holds: held };
}

function summarize(followed: readonly Reaction[], waiting: readonly string[]): string {
  const said = followed.map(({ name, count, action }) => {
    return `${name}: ${words[action]} (${count === 1 ? '1 file' : `${count} files`})`;
  });
  const kept = waiting.map((name) => `${name}: its changes wait for a lock or another hold`);
  return [...said, ...kept].join('; ') || 'No watched file has changed.';
}

const words: Readonly<Record<Reaction['action'], string>> = {
  restart: 'restarted',
  signal: 'signalled',
  run: 'command run',
  post: 'told by POST',
  notify: 'told',
  suspended: 'suspended, see list_watches',
  none: 'nothing to do, it is down',
};
