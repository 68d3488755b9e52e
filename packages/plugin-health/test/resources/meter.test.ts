import { describe, expect, it } from 'vitest';
import { Meter } from '../../src/resources/meter.ts';
import type { Usage } from '../../src/resources/usage.ts';

/** Processes by pid: CPU time and age, ms. */
const usages = (all: Record<number, readonly [cpuMs: number, ageMs: number]>): ReadonlyMap<number, Usage> =>
  new Map(
    Object.entries(all).map(([pid, [cpuMs, ageMs]]) => [Number(pid), { cpuMs, ageMs, memoryBytes: 100, threads: 2 }]),
  );

describe('readings of a tree', () => {
  it('begin with the second look, for CPU is a difference of two', () => {
    const meter = new Meter();
    expect(meter.take(usages({ 1: [4000, 9000] }), 0)).toBeUndefined();
    expect(meter.take(usages({ 1: [4500, 10_000] }), 1000)).toMatchObject({ cpuPercent: 50 });
  });

  it('sum CPU, memory, processes and threads', () => {
    const meter = new Meter();
    meter.take(usages({ 1: [0, 1000], 2: [0, 1000] }), 0);
    const reading = meter.take(usages({ 1: [1000, 2000], 2: [500, 2000] }), 1000);
    expect(reading).toEqual({ cpuPercent: 150, memoryBytes: 200, processes: 2, threads: 4 });
  });

  it('count one that is younger than the last look from its start, and an older one from now on', () => {
    const meter = new Meter();
    meter.take(usages({ 1: [0, 1000] }), 0);
    const reading = meter.take(usages({ 1: [0, 2000], 2: [300, 400], 3: [9000, 60_000] }), 1000);
    expect(reading?.cpuPercent).toBe(30);
  });

  it('take one that has the pid of another for a new one', () => {
    const meter = new Meter();
    meter.take(usages({ 1: [5000, 9000] }), 0);
    expect(meter.take(usages({ 1: [200, 300] }), 1000)?.cpuPercent).toBe(20);
  });

  it('do not tell a sum of which a part is unknown', () => {
    const meter = new Meter();
    const part = new Map([...usages({ 1: [0, 1000] }), [2, { cpuMs: 0, ageMs: 1000, memoryBytes: 1 }] as const]);
    meter.take(part, 0);
    expect(meter.take(part, 1000)).toEqual({ cpuPercent: 0, memoryBytes: 101, processes: 2 });
  });

  it('are none when nothing could be read, and go on afterwards', () => {
    const meter = new Meter();
    meter.take(usages({ 1: [0, 1000] }), 0);
    expect(meter.take(new Map(), 500)).toBeUndefined();
    expect(meter.take(usages({ 1: [1000, 2000] }), 1000)?.cpuPercent).toBe(100);
  });
});
