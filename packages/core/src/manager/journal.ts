import { join } from 'node:path';
import type { Clock } from '../contract/clock.ts';
import { messageOf } from '../errors/error.ts';
import { Journal } from '../journal/journal.ts';
import { type Past, readPast } from '../journal/past.ts';
import type { Bus } from '../kernel/bus.ts';
import { takeGuardianRecord } from '../process/guardian-record.ts';

export interface OpenedJournal {
  /** Absent when what is there cannot be read: to write beside it would give its numbers again. */
  readonly journal?: Journal;
  readonly past?: Past;
  readonly fault?: string;
  /** The file in which a guardian states what it has done. */
  readonly guardianRecord?: string;
}

/**
 * Takes up the journal where the manager before has left it. Never throws.
 *
 * @param project the `.promptbin` folder
 */
export function openJournal(project: string, clock: Clock): OpenedJournal {
  const folder = join(project, 'journal');
  const guardianRecord = join(project, 'guardian.last');
  try {
    const past = readPast(folder);
    return { journal: new Journal({ folder, past, clock }), past, guardianRecord };
  } catch (cause) {
    const fault = `cannot read ${folder}, so that events are counted from 1 and not recorded: ${messageOf(cause)}`;
    return { fault, guardianRecord };
  }
}

/** States what is known of the managers before. */
export function statePast({ past, fault, guardianRecord }: OpenedJournal, bus: Bus): void {
  if (past?.torn !== undefined) bus.append('journal.recovered', past.torn);
  if (fault !== undefined) bus.append('journal.fault', { message: fault });
  const record = guardianRecord === undefined ? undefined : takeGuardianRecord(guardianRecord);
  // Nobody but the manager writes the journal: its numbers are given out here.
  if (typeof record === 'string') bus.append('journal.omitted', { type: 'manager.cleared', reason: record });
  else if (record !== undefined) bus.append('manager.cleared', record);
}
