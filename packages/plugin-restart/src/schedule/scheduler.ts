import type { Cause, ManagerEvent, ProcessView } from '@promptbin/core';
import type { Context } from '../context.ts';
import { nextTime } from './cron.ts';
import { actionWhenDue } from './due.ts';
import type { ParsedSchedule } from './settings.ts';
import { Timetable } from './timetable.ts';

export interface SchedulerParts {
  readonly ctx: Context;
  /** Whether it was stopped on request, by a manager before this one too. */
  wasStopped(name: string): boolean;
}

interface Entry {
  readonly schedule: ParsedSchedule;
  readonly timetable: Timetable;
  /** A time that waits until the process has come to rest. */
  pending?: Cause;
}

/** What a schedule says next, as `schedule.list` answers. */
export interface ScheduleView {
  readonly name: string;
  readonly cron: string;
  readonly timezone: string;
  /** ISO 8601; absent when no time is left. */
  readonly next?: string;
}

/** Restarts services and runs jobs at their times. */
export class Scheduler {
  readonly #ctx: Context;
  readonly #wasStopped: SchedulerParts['wasStopped'];
  readonly #entries = new Map<string, Entry>();

  constructor({ ctx, wasStopped }: SchedulerParts) {
    this.#ctx = ctx;
    this.#wasStopped = wasStopped;
  }

  hear({ type, data }: ManagerEvent): void {
    if (type === 'manager.started' || type === 'config.reloaded') this.#follow();
    else if (type === 'process.phase') this.#settle(data.name);
  }

  list(): readonly ScheduleView[] {
    return [...this.#entries].map(([name, { schedule, timetable }]) => {
      const { cron, timezone } = schedule;
      const next = timetable.next === undefined ? {} : { next: new Date(timetable.next).toISOString() };
      return { name, cron, timezone, ...next };
    });
  }

  /** What has not changed in a reload is the very same schedule. */
  #follow(): void {
    const { clock } = this.#ctx;
    const before = new Map(this.#entries);
    this.#entries.clear();
    for (const { name } of this.#ctx.processes()) {
      const schedule = this.#ctx.fields(name)?.schedule;
      const known = before.get(name);
      if (schedule === undefined) continue;
      if (known?.schedule === schedule) {
        this.#entries.set(name, known);
        before.delete(name);
        continue;
      }
      const nextAfter = (at: number): number | undefined => nextTime(schedule, at);
      const timetable = new Timetable(clock, nextAfter, (at) => this.#due(name, at));
      this.#entries.set(name, { schedule, timetable });
    }
    for (const { timetable } of before.values()) timetable.end();
  }

  #due(name: string, at: number): void {
    const [entry, process] = [this.#entries.get(name), this.#ctx.process(name)];
    if (entry === undefined || process === undefined) return;
    const { cron, overlap } = entry.schedule;
    const evidence = [`due at ${new Date(at).toISOString()}`];
    const cause: Cause = { code: 'scheduled', message: `scheduled (${cron})`, evidence };
    const action = actionWhenDue(process, this.#wasStopped(name));
    if (action !== 'overlap') this.#act(action, process, cause);
    else if (overlap === 'replace') this.#ctx.request('restart', process, cause);
    else {
      if (overlap === 'wait') entry.pending = cause;
      const sequel = overlap === 'wait' ? 'waits until that has ended' : 'left out';
      const message = `${name}: its scheduled time (${cron}) came while it was ${process.phase}: ${sequel}`;
      this.#ctx.emit('schedule.overlapped', { name, overlap, message });
    }
  }

  /** Whether what a time has waited for has come. */
  #settle(name: string): void {
    const entry = this.#entries.get(name);
    const process = entry?.pending && this.#ctx.process(name);
    if (entry?.pending === undefined || process === undefined) return;
    const { pending } = entry;
    const action = actionWhenDue(process, this.#wasStopped(name));
    if (action === 'overlap') return;
    delete entry.pending;
    this.#act(action, process, pending);
  }

  #act(action: 'start' | 'restart' | 'leave', process: ProcessView, cause: Cause): void {
    if (action !== 'leave') this.#ctx.request(action, process, cause);
  }
}
