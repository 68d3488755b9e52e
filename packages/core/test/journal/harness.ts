import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ManagerEvent } from '@promptbin/core';
import { onTestFinished } from 'vitest';
import type { JournalLimits } from '../../src/journal/journal.ts';
import { openRecorder, type Recorder } from './recorder.ts';

export { recorded } from './recorder.ts';

/** A folder of a journal that does not exist yet, in one that goes when the test ends. */
export async function journalFolder(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'promptbin-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  return join(root, '.promptbin', 'journal');
}

/** A bus with a journal, until the test ends. */
export function record(folder: string, limits?: JournalLimits): Recorder {
  const recorder = openRecorder(folder, limits);
  onTestFinished(() => recorder.bus.endJournal());
  return recorder;
}

/** `from`, … `to`. */
export function counted(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

export const seqs = (events: readonly ManagerEvent[]): readonly number[] => events.map(({ seq }) => seq);
