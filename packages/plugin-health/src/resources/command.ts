import { type Clock, type Command, unknownProcess } from '@promptbin/core';
import * as z from 'zod';
import { megabytes } from './format.ts';
import { type HistoryPoint, slotMs } from './history.ts';
import type { Reading } from './meter.ts';
import type { Limits } from './settings.ts';

/** What has been read of one process. */
export interface ResourcesGetResult {
  readonly summary: string;
  /** The newest reading of the present incarnation. */
  readonly now?: Reading;
  readonly limits?: Limits;
  /** Seconds that one entry of `history` stands for. */
  readonly resolutionSec: number;
  /** Oldest first; times without a reading are left out. */
  readonly history: readonly ResourcesPoint[];
}

/** CPU is the mean and the maximum of the readings, the rest is the maximum. */
export interface ResourcesPoint extends Omit<HistoryPoint, 'at'> {
  /** ISO 8601: when it began. */
  readonly at: string;
}

interface Input {
  name: string;
  minutes: number;
}

const input: z.ZodType<Input> = z.strictObject({
  name: z.string().min(1).describe('Name of the process.'),
  minutes: z.int().min(1).max(60).default(60).describe('How far back; an hour is kept.'),
});

/** What the command needs to know. */
export interface Readings {
  readonly clock: Pick<Clock, 'now' | 'wall'>;
  /** Of all processes that there are. */
  names(): readonly string[];
  limitsOf(name: string): Limits | undefined;
  last(name: string): Reading | undefined;
  /** Resolves when the newest readings are of now. */
  refresh(): Promise<void>;
  /** Of the last `ms`. */
  history(name: string, ms: number): readonly HistoryPoint[];
}

/** Not among the usual tools: agents get it by asking for more. */
export function resourcesCommand(readings: Readings): Command<z.ZodType<Input>, ResourcesGetResult> {
  return {
    name: 'resources.get',
    tool: 'get_resources',
    toolset: 'metrics',
    summary: 'CPU, memory, processes, threads and descriptors of a process tree: now, and over the last hour.',
    effect: 'read',
    input,
    async run({ name, minutes }) {
      if (!readings.names().includes(name)) throw unknownProcess(name, readings.names());
      await readings.refresh();
      const points = readings.history(name, minutes * 60_000);
      const now = readings.last(name);
      const limits = readings.limitsOf(name);
      const epoch = readings.clock.wall() - readings.clock.now();
      return {
        summary: summarize(name, minutes, now, points),
        ...(now === undefined ? {} : { now }),
        ...(limits?.memory === undefined && limits?.cpu === undefined ? {} : { limits }),
        resolutionSec: slotMs / 1000,
        history: points.map((point) => ({ ...point, at: new Date(epoch + point.at).toISOString() })),
      };
    },
  };
}

/** `web uses 12.5 % CPU and 120 MB in 3 processes; in the last 60 min at most 80 % and 180 MB`. */
function summarize(name: string, minutes: number, now: Reading | undefined, points: readonly HistoryPoint[]): string {
  const present =
    now === undefined
      ? `${name} is not running or has not been read yet`
      : `${name} uses ${now.cpuPercent} % CPU and ${megabytes(now.memoryBytes)} in ${now.processes} ${now.processes === 1 ? 'process' : 'processes'}`;
  if (points.length === 0) return present;
  const cpu = Math.max(...points.map((point) => point.cpuPercentMax));
  const memory = Math.max(...points.map((point) => point.memoryBytes));
  return `${present}; in the last ${minutes} min at most ${cpu} % and ${megabytes(memory)}`;
}
