import type { ManagerEvent } from '@promptbin/core';
import { Journal, type JournalLimits } from '../../src/journal/journal.ts';
import { readPast } from '../../src/journal/past.ts';
import { readEvents } from '../../src/journal/read.ts';
import { Bus } from '../../src/kernel/bus.ts';
import { Redactor } from '../../src/secrets/redactor.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

export interface Recorder {
  readonly bus: Bus;
  readonly clock: VirtualClock;
  /** One turn that states so many events. */
  say(count: number, why?: string): void;
}

/** A bus with a journal, as a manager begins with. */
export function openRecorder(folder: string, limits?: JournalLimits): Recorder {
  const clock = new VirtualClock();
  const journal = new Journal({ folder, past: readPast(folder), clock, ...(limits && { limits }) });
  const onDefect = (fault: unknown): void => {
    throw fault;
  };
  const bus = new Bus({ clock, redactor: new Redactor(), onDefect, journal });
  const say = (count: number, why = 'a test'): void => {
    for (let index = 0; index < count; index += 1) bus.append('manager.closing', { why });
    bus.deliver();
  };
  return { bus, clock, say };
}

/** What a reader of the files finds. */
export async function recorded(folder: string, after = 0): Promise<readonly ManagerEvent[]> {
  const events: ManagerEvent[] = [];
  for await (const event of readEvents(folder, after)) events.push(event);
  return events;
}
