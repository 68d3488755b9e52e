import type { Command, LockService, LockView, MarkerView } from '@promptbin/core';
import * as z from 'zod';
import { describeMarker } from './faults.ts';

const path = z.string().min(1);

/** What the commands of locks answer, for programs; `summary` is for people. */
export interface LockListing {
  readonly summary: string;
  readonly locks: readonly LockView[];
}

export interface LockBroken {
  readonly summary: string;
  /** What was taken away; undefined when nobody had the lock. */
  readonly marker?: MarkerView;
}

const listInput: z.ZodType<{ path?: string | undefined }> = z.strictObject({
  path: path.describe('Only this path, whoever has its lock. Default: all locks of this manager.').optional(),
});
const breakInput: z.ZodType<{ path: string }> = z.strictObject({
  path: path.describe('What is locked, such as `data.json`.'),
});

export function listCommand(locks: LockService): Command<typeof listInput, LockListing> {
  return {
    name: 'lock.list',
    tool: 'list_locks',
    toolset: 'locks',
    summary: 'Shows locks on files: who holds them, since when, and how many wait.',
    effect: 'read',
    input: listInput,
    run(input) {
      const views = input.path === undefined ? locks.list() : [locks.inspect(input.path)];
      return {
        summary: views.map(describeLock).join('\n') || 'This manager holds no lock and waits for none.',
        locks: views,
      };
    },
  };
}

export function breakCommand(locks: LockService): Command<typeof breakInput, LockBroken> {
  return {
    name: 'lock.break',
    tool: 'break_lock',
    toolset: 'locks',
    summary: 'Takes the lock of a file away from its holder, who does not notice: only when that one hangs or is gone.',
    effect: 'destructive',
    input: breakInput,
    run(input) {
      const marker = locks.break(input.path);
      if (marker === undefined) return { summary: `Nobody has the lock of ${input.path}.` };
      return { summary: `The lock of ${input.path} was taken from ${describeMarker(marker)}.`, marker };
    },
  };
}

function describeLock({ path: locked, marker, acquiredAt, waiting }: LockView): string {
  const where = acquiredAt === undefined ? '' : ` at ${acquiredAt}`;
  const holder = marker === undefined ? 'free' : `held by ${describeMarker(marker)}${where}, ${age(marker)}`;
  return `${locked}: ${holder}; ${waiting} waiting`;
}

function age({ ageMs }: MarkerView): string {
  return `for ${(ageMs / 1000).toFixed(1)} s`;
}
