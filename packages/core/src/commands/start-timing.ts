import type { ManagerEvent } from '../contract/events.ts';
import type { StartTiming } from '../contract/explanation.ts';
import type { ProcessView } from '../contract/process.ts';

interface Start {
  readonly generation: number;
  readonly waitedMs: number;
  readonly waitedFor: ReadonlySet<string>;
  readonly spawnedAt: number;
  readonly readyAt?: number;
}

const fewestForUsual = 2;

/**
 * How the run that a process has now came up, beside its runs before. Pure.
 *
 * @param own events of the process, also under earlier managers; oldest first
 * @param now wall clock, ms since the epoch
 */
export function timingOf(view: ProcessView, own: readonly ManagerEvent[], now: number): StartTiming | undefined {
  if (view.kind === 'job' || view.pid === undefined) return undefined;
  const starts = startsOf(own);
  const current = starts.at(-1);
  if (current === undefined || current.generation !== view.generation) return undefined;
  const before = starts.slice(0, -1).flatMap(readyMsOf);
  return {
    waitedMs: current.waitedMs,
    ...(current.waitedFor.size === 0 ? {} : { waitedFor: [...current.waitedFor] }),
    readyMs: readyMsOf(current)[0] ?? Math.max(0, now - current.spawnedAt),
    ...(before.length < fewestForUsual ? {} : { usualMs: medianOf(before) }),
  };
}

function startsOf(own: readonly ManagerEvent[]): readonly Start[] {
  const starts: Start[] = [];
  let begunAt: number | undefined;
  let waitedFor = new Set<string>();
  for (const { type, at, data } of own) {
    if (type === 'process.phase' && data.to === 'waiting') {
      begunAt = at;
      waitedFor = new Set();
    } else if (type === 'process.waiting') {
      for (const text of data.waitingFor) waitedFor.add(text);
    } else if (type === 'process.spawned') {
      const waitedMs = Math.max(0, at - (begunAt ?? at));
      starts.push({ generation: data.generation, waitedMs, waitedFor, spawnedAt: at });
    } else if (type === 'process.phase' && data.to === 'running') {
      const last = starts.at(-1);
      if (last?.generation === data.generation) starts.splice(-1, 1, { ...last, readyAt: at });
    }
  }
  return starts;
}

// By the wall clock, which may have been set in between.
function readyMsOf({ spawnedAt, readyAt }: Start): readonly number[] {
  return readyAt === undefined ? [] : [Math.max(0, readyAt - spawnedAt)];
}

function medianOf(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
