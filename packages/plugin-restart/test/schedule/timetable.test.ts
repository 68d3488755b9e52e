import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../core/test/support/virtual-clock.ts';
import { nextTime } from '../../src/schedule/cron.ts';
import { Timetable } from '../../src/schedule/timetable.ts';

const hour = 3_600_000;

/** A clock whose wall can be set, as people and time servers do, and that can sleep with the machine. */
class SettableClock extends VirtualClock {
  #offset = 0;

  override wall(): number {
    return super.wall() + this.#offset;
  }

  /** Moves the wall clock alone: that is also what a suspended machine finds when it goes on. */
  setBy(ms: number): void {
    this.#offset += ms;
  }
}

function follow(cron: string): { clock: SettableClock; due: string[]; timetable: Timetable } {
  const clock = new SettableClock();
  const due: string[] = [];
  const timetable = new Timetable(
    clock,
    (at) => nextTime({ cron, timezone: 'UTC' }, at),
    (at) => due.push(new Date(at).toISOString().slice(0, 19)),
  );
  return { clock, due, timetable };
}

describe('a timetable', () => {
  it('calls at each time, once', async () => {
    const { clock, due } = follow('0 4 * * *');
    await clock.advance(72 * hour);
    expect(due).toEqual(['2026-01-01T04:00:00', '2026-01-02T04:00:00', '2026-01-03T04:00:00']);
  });

  it('does not call early', async () => {
    const { clock, due } = follow('0 4 * * *');
    await clock.advance(4 * hour - 1);
    expect(due).toEqual([]);
    await clock.advance(1);
    expect(due).toHaveLength(1);
  });

  it('tells the next time', async () => {
    const { clock, timetable } = follow('0 4 * * *');
    expect(timetable.next).toBe(Date.UTC(2026, 0, 1, 4));
    await clock.advance(4 * hour);
    expect(timetable.next).toBe(Date.UTC(2026, 0, 2, 4));
  });

  it('calls once for all times that were slept through, at the latest an hour after the machine goes on', async () => {
    const { clock, due } = follow('*/10 * * * *');
    clock.setBy(5 * hour);
    await clock.advance(10 * 60_000);
    expect(due).toEqual(['2026-01-01T00:10:00']);
    await clock.advance(10 * 60_000);
    expect(due.at(-1)).toBe('2026-01-01T05:20:00');
  });

  it('looks at the wall clock every hour, however far the next time is', async () => {
    const { clock, due } = follow('0 4 * * 7');
    clock.setBy(5 * 24 * hour);
    await clock.advance(hour);
    expect(due).toEqual(['2026-01-04T04:00:00']);
  });

  it('does not call again when the clock is corrected by a little', async () => {
    const { clock, due } = follow('0 4 * * *');
    await clock.advance(4 * hour);
    clock.setBy(-5000);
    await clock.advance(hour);
    expect(due).toHaveLength(1);
    await clock.advance(23 * hour + 5000);
    expect(due).toEqual(['2026-01-01T04:00:00', '2026-01-02T04:00:00']);
  });

  it('begins anew when the clock is set back by a day', async () => {
    const { clock, due } = follow('0 4 * * *');
    await clock.advance(4 * hour);
    clock.setBy(-24 * hour);
    await clock.advance(24 * hour);
    expect(due).toEqual(['2026-01-01T04:00:00', '2026-01-01T04:00:00']);
  });

  it('ends', async () => {
    const { clock, due, timetable } = follow('0 4 * * *');
    timetable.end();
    await clock.advance(48 * hour);
    expect(due).toEqual([]);
  });
});
