import { describe, expect, it } from 'vitest';
import { mistakesInFields } from '../../../../test-support/mistakes.ts';
import { restart } from '../../src/index.ts';
import { nextTime } from '../../src/schedule/cron.ts';
import { fields } from '../../src/settings.ts';

const next = (cron: string, timezone: string, at: string): string | undefined => {
  const time = nextTime({ cron, timezone }, Date.parse(at));
  return time === undefined ? undefined : new Date(time).toISOString();
};

describe('the next time', () => {
  it.each([
    ['comes after the moment, never at it', '0 4 * * *', 'UTC', '2026-01-01T04:00:00Z', '2026-01-02T04:00:00.000Z'],
    ['has no part of a second', '* * * * * *', 'UTC', '2026-01-01T04:00:00.300Z', '2026-01-01T04:00:01.000Z'],
    ['is of the zone', '0 4 * * *', 'America/New_York', '2026-01-01T00:00:00Z', '2026-01-01T09:00:00.000Z'],
    ['follows the summer time', '0 4 * * *', 'Europe/Berlin', '2026-07-01T00:00:00Z', '2026-07-01T02:00:00.000Z'],
    ['in the gap comes after it', '30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z', '2026-03-29T01:00:00.000Z'],
    ['in the hour that comes twice', '30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z', '2026-10-25T00:30:00.000Z'],
    ['counts that once', '30 2 * * *', 'Europe/Berlin', '2026-10-25T00:30:00Z', '2026-10-26T01:30:00.000Z'],
    ['may be none', '0 0 4 1 1 * 2020', 'UTC', '2026-01-01T00:00:00Z', undefined],
  ])('%s', (_, cron, timezone, at, expected) => {
    expect(next(cron, timezone, at)).toBe(expected);
  });
});

describe('settings', () => {
  it('take an expression alone', () => {
    const timezone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
    expect(fields.parse({ schedule: '0 4 * * *' })).toEqual({
      schedule: { cron: '0 4 * * *', timezone, overlap: 'skip' },
    });
  });

  const fieldsHint = 'Write minute, hour, day, month and weekday, such as "0 4 * * *" for every day at 4:00.';

  it.each([
    ['4 o clock', `schedule is "4 o clock", expected a cron expression of five or six fields. ${fieldsHint}`],
    ['61 * * * *', expect.stringContaining('schedule is "61 * * * *", expected a cron expression; ')],
    ['0 0 30 2 *', `schedule is "0 0 30 2 *", expected a cron expression; there is no such day. ${fieldsHint}`],
    [{ cron: 'daily' }, `schedule.cron is "daily", expected a cron expression of five or six fields. ${fieldsHint}`],
    [
      { cron: '0 4 * * *', timezone: 'Europe/Berln' },
      'schedule.timezone is "Europe/Berln", expected a time zone. Did you mean "Europe/Berlin"?',
    ],
    [
      { cron: '0 4 * * *', overlap: 'skipp' },
      'schedule.overlap is "skipp", expected "skip", "wait" or "replace". Did you mean "skip"?',
    ],
    [{ corn: '0 4 * * *', cron: '0 4 * * *' }, 'schedule has an unknown key "corn". Did you mean "cron"?'],
  ])('%j is a mistake, told by its key', async (schedule, mistake) => {
    const [told, ...more] = await mistakesInFields(restart(), { schedule });
    expect(told?.replace('processes.web.restart.', '')).toEqual(mistake);
    expect(more).toEqual([]);
  });
});
