import { nearest } from '@promptbin/core';
import { Cron } from 'croner';

/** A time that every expression must come to if it ever comes, ms since the epoch. */
const longAgo = Date.UTC(2000, 0, 1);

/**
 * The first time after `at` that the expression means, ms since the epoch; undefined when none is left. In a day with a
 * change of the clocks, a fixed time that is left out comes at the first moment after the gap, and one that comes twice
 * counts once.
 */
export function nextTime({ cron, timezone }: { cron: string; timezone: string }, at: number): number | undefined {
  return new Cron(cron, { timezone, paused: true }).nextRun(new Date(at))?.getTime();
}

/** What is wrong, as it goes on where "x is y," ends, and what to write instead. */
export interface Fault {
  readonly message: string;
  readonly hint: string;
}

/** Undefined when the expression is a good one. */
export function cronFault(cron: string): Fault | undefined {
  const wrong = (why: string): Fault => ({
    message: `expected a cron expression${why}`,
    hint: 'Write minute, hour, day, month and weekday, such as "0 4 * * *" for every day at 4:00.',
  });
  try {
    return nextTime({ cron, timezone: 'UTC' }, longAgo) === undefined ? wrong('; there is no such day') : undefined;
  } catch (fault) {
    return wrong(fault instanceof RangeError ? `; ${detailOf(fault)}` : ' of five or six fields');
  }
}

/** `invalid value for minute: 61`. */
function detailOf({ message }: Error): string {
  const told = message.replace(/^\w+: /, '');
  return told.charAt(0).toLowerCase() + told.slice(1);
}

/** The name of the machine's zone. */
export function localTimezone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Undefined when there is such a zone. */
export function zoneFault(name: string): Fault | undefined {
  try {
    nextTime({ cron: '* * * * *', timezone: name }, longAgo);
    if (name !== '') return undefined;
  } catch {
    // Told below.
  }
  const guess = nearest(name, Intl.supportedValuesOf('timeZone'));
  const hint = guess === undefined ? 'Write one such as "Europe/Berlin" or "UTC".' : `Did you mean "${guess}"?`;
  return { message: 'expected a time zone', hint };
}
