import type { Clock } from '../contract/clock.ts';
import { messageOf } from '../errors/error.ts';
import { Journal } from '../journal/journal.ts';
import { type Past, readPast } from '../journal/past.ts';

export interface OpenedJournal {
  /** Absent when what is there cannot be read: to write beside it would give its numbers again. */
  readonly journal?: Journal;
  readonly past?: Past;
  readonly fault?: string;
}

/** Takes up the journal where the manager before has left it. Never throws. */
export function openJournal(folder: string, clock: Clock): OpenedJournal {
  try {
    const past = readPast(folder);
    return { journal: new Journal({ folder, past, clock }), past };
  } catch (cause) {
    const fault = `cannot read ${folder}, so that events are counted from 1 and not recorded: ${messageOf(cause)}`;
    return { fault };
  }
}
