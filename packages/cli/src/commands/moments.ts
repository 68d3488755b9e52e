import { fault } from '../fault.ts';

/**
 * Milliseconds of a duration that was given as a flag, such as `30s`.
 *
 * @throws PromptbinError `PB_COMMAND_INPUT`
 */
export async function durationOf(flag: string, text: string): Promise<number> {
  const { parseDuration } = await import('@promptbin/core/views');
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  throw await fault('PB_COMMAND_INPUT', `${flag} is "${text}", which is no duration.`, {
    hint: 'Write it with its unit: 500ms, 30s, 5m or 1h.',
  });
}

/**
 * The moment that was given as a flag, in ms since the epoch: a duration ago, the last such time of day, or a date as ISO 8601 has it.
 *
 * @throws PromptbinError `PB_COMMAND_INPUT`
 */
export async function momentOf(flag: string, text: string, now: Date = new Date()): Promise<number> {
  const { parseDuration } = await import('@promptbin/core/views');
  const ago = parseDuration(text);
  if (ago !== undefined) return now.getTime() - ago;
  const [, hours = '', minutes, seconds = '0'] = /^(\d\d?):(\d\d)(?::(\d\d))?$/.exec(text) ?? [];
  const moment = hours === '' ? new Date(text) : new Date(now);
  if (hours !== '') moment.setHours(Number(hours), Number(minutes), Number(seconds), 0);
  // Shortly after midnight, 23:50 is of the day before.
  if (hours !== '' && moment > now) moment.setDate(moment.getDate() - 1);
  const isTime = hours === '' ? /^\d{4}-\d\d-\d\d/.test(text) : Number(hours) < 24 && Number(minutes) < 60;
  if (isTime && !Number.isNaN(moment.getTime())) return moment.getTime();
  throw await fault('PB_COMMAND_INPUT', `${flag} is "${text}", which is no time.`, {
    hint: 'Write it as 10m (ago), 14:02, 2026-11-26 or 2026-11-26T14:02:03Z.',
  });
}
