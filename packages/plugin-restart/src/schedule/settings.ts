import * as z from 'zod';
import { cronFault, localTimezone, zoneFault } from './cron.ts';

/** What becomes of a time that comes while the process is on its way, or a job's last run still goes on. */
export type Overlap = 'skip' | 'wait' | 'replace';

/** A cron expression of five fields, or of six with seconds in front; or one with what else there is to say. */
export type ScheduleFields =
  | string
  | {
      cron: string;
      /** A name of the IANA database, such as `Europe/Berlin`. Default: that of the machine. */
      timezone?: string | undefined;
      /** Default `skip`. */
      overlap?: Overlap | undefined;
    };

export interface ParsedSchedule {
  readonly cron: string;
  readonly timezone: string;
  readonly overlap: Overlap;
}

const whole = z.strictObject({
  cron: z.string().describe('Minute, hour, day of the month, month, weekday; a sixth field in front is the second.'),
  timezone: z.string().optional().describe('The zone that the hours are of. Default: that of the machine.'),
  overlap: z
    .enum(['skip', 'wait', 'replace'])
    .optional()
    .describe(
      'What becomes of a time at which the process is on its way up or down, or the last run of a job goes on: nothing, once when that has ended, or at once in its place. Default: `skip`.',
    ),
});

// Checked behind the union, which would say of a wrong expression only that no object stands there.
export const schedule: z.ZodType<ParsedSchedule, ScheduleFields> = z
  .union([z.string(), whole])
  .transform((value, context) => {
    const written: z.output<typeof whole> = typeof value === 'string' ? { cron: value } : value;
    const { cron, timezone = localTimezone(), overlap = 'skip' } = written;
    const faults = { cron: cronFault(cron), timezone: zoneFault(timezone) };
    for (const [key, fault] of Object.entries(faults)) {
      if (fault === undefined) continue;
      const { message, hint } = fault;
      const path = typeof value === 'string' ? [] : [key];
      context.issues.push({ code: 'custom', input: value, path, message, params: { hint } });
    }
    return { cron, timezone, overlap };
  });
