import { expect, it } from 'vitest';
import { History, slotMs } from '../../src/resources/history.ts';

const hourMs = 3_600_000;
const reading = (cpuPercent: number, memoryBytes = 1) => ({ cpuPercent, memoryBytes, processes: 1 });

it('keeps the mean and the maximum of CPU, and the maximum of the rest, of each 15 s', () => {
  const history = new History();
  history.add(1000, 1, { cpuPercent: 10, memoryBytes: 500, processes: 3, threads: 9, descriptors: 40 });
  history.add(6000, 1, { cpuPercent: 30, memoryBytes: 200, processes: 5, threads: 7, descriptors: 30 });
  history.add(16_000, 2, reading(7.5, 100));
  expect(history.last(hourMs, 17_000)).toEqual([
    {
      at: 0,
      generation: 1,
      cpuPercent: 20,
      cpuPercentMax: 30,
      memoryBytes: 500,
      processes: 5,
      threads: 9,
      descriptors: 40,
    },
    { at: slotMs, generation: 2, cpuPercent: 7.5, cpuPercentMax: 7.5, memoryBytes: 100, processes: 1 },
  ]);
});

it('holds memory of any size exactly', () => {
  const history = new History();
  history.add(0, 1, reading(0, 2 ** 45 + 1));
  expect(history.last(hourMs, 0)[0]?.memoryBytes).toBe(2 ** 45 + 1);
});

it('forgets what is older than an hour, also when nothing has come since', () => {
  const history = new History();
  for (let at = 0; at < 2 * hourMs; at += 5000) history.add(at, 1, reading(at / 5000));
  const points = history.last(hourMs, 2 * hourMs - 1);
  expect(points).toHaveLength(240);
  expect(points[0]?.at).toBe(hourMs);
  expect(history.last(hourMs, 3.5 * hourMs)).toEqual([]);
});

it('tells of a shorter time when asked, and leaves out when nothing was read', () => {
  const history = new History();
  for (const at of [0, 60_000, 600_000]) history.add(at, 1, reading(1));
  expect(history.last(570_000, 600_000).map(({ at }) => at)).toEqual([60_000, 600_000]);
});
