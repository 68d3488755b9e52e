import { type Call, type Command, PromptbinError } from '@promptbin/core';
import * as z from 'zod';
import { Application, type ApplyParts } from './application.ts';
import type { AppliedProcess } from './report.ts';

export interface WatchApplyResult {
  readonly summary: string;
  /** All of them are ready, or have done their job. */
  readonly met: boolean;
  /** Of all processes. */
  readonly changedFiles: number;
  /** The one that was asked for, or those whose files have changed. */
  readonly processes: readonly AppliedProcess[];
}

interface Input {
  name?: string | undefined;
  timeoutSec: number;
}

const input: z.ZodType<Input> = z.strictObject({
  name: z.string().min(1).optional().describe('Name of the process. Default: all that are watched.'),
  timeoutSec: z.number().min(0).max(50).default(30).describe('How long to wait, in seconds.'),
});

/** For who has edited: answers when what is up runs with the edits, and how it does. */
export function applyCommand(
  parts: ApplyParts,
  /** @throws PromptbinError `PB_PROCESS_UNKNOWN` */
  find: (name: string) => void,
): Command<typeof input, WatchApplyResult> {
  return {
    name: 'watch.apply',
    tool: 'apply_and_wait',
    summary:
      'After edits: waits until what follows them is done and processes are ready. Tells only what is new: errors, lines.',
    effect: 'destructive',
    input,
    async run({ name, timeoutSec }, call: Call): Promise<WatchApplyResult> {
      if (name !== undefined) find(name);
      const names = name === undefined ? parts.watches.names : [name];
      if (names.every((one) => parts.watches.of(one).length === 0)) throw notWatched(name);
      using application = new Application(parts, call, timeoutSec);
      const all = await Promise.all(names.map((one) => application.of(one, one === name)));
      const applied = all.filter((one) => one !== undefined);
      return {
        summary: applied.map(({ text }) => text).join('. ') || 'No watched file has changed',
        met: applied.every(({ isUp }) => isUp),
        changedFiles: new Set(applied.flatMap(({ paths }) => paths)).size,
        processes: applied.map(({ report }) => report),
      };
    },
  };
}

function notWatched(name: string | undefined): PromptbinError {
  if (name === undefined) {
    return new PromptbinError('PB_NOT_WATCHED', 'The files of no process are watched.', {
      hint: 'Add "fswatch: true" to a process in the config, or call restart_process.',
    });
  }
  return new PromptbinError('PB_NOT_WATCHED', `The files of "${name}" are not watched.`, {
    process: name,
    hint: `Add "fswatch: true" to "${name}" in the config, or call restart_process.`,
  });
}
