import * as z from 'zod';
import { Scheduler, type SchedulerParts, type ScheduleView } from './scheduler.ts';

/** What `schedule.list` answers. */
export interface ScheduleListResult {
  readonly summary: string;
  readonly schedules: readonly ScheduleView[];
}

/** Follows the schedules of the config, and tells them by the command `schedule.list`. */
export function keepSchedules(parts: SchedulerParts): void {
  const { ctx } = parts;
  const scheduler = new Scheduler(parts);
  ctx.hooks.event.tap('schedule', (event) => scheduler.hear(event));
  ctx.command({
    name: 'schedule.list',
    tool: 'list_schedules',
    toolset: 'schedules',
    summary: 'When each process with a schedule is restarted or run next.',
    effect: 'read',
    input: z.strictObject({}),
    run: (): ScheduleListResult => {
      const schedules = scheduler.list();
      return { summary: summarize(schedules), schedules };
    },
  });
}

function summarize(schedules: readonly ScheduleView[]): string {
  const first = schedules.filter(({ next }) => next !== undefined).toSorted((a, b) => order(a.next, b.next))[0];
  if (first === undefined) return schedules.length === 0 ? 'No process has a schedule.' : 'No scheduled time is left.';
  return `Next: ${first.name} at ${first.next}.`;
}

/** ISO 8601 in UTC sorts as text. */
function order(a = '', b = ''): number {
  return a < b ? -1 : 1;
}
