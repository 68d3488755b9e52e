import type { Cause } from './process.ts';

export interface NextStep {
  /** Name of a command, such as `process.restart`. */
  readonly command: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** One step from what is so to what it comes from. */
export interface Reason {
  /** A sentence without a full stop. */
  readonly text: string;
  /** `seq` of the event that tells it. */
  readonly seq?: number;
  /** ISO 8601: when that was. */
  readonly at?: string;
  /** `seq` of the line of output that shows it. */
  readonly line?: number;
}

/** How the newest run of a process came up. */
export interface StartTiming {
  /** From when it was to start until it was spawned, ms. */
  readonly waitedMs: number;
  /** What it waited for, as sentences; absent when that was nothing. */
  readonly waitedFor?: readonly string[];
  /** From the spawn until it was ready; while it is not, until now, ms. */
  readonly readyMs: number;
  /** Median of that of the runs before, ms, from 2 that were ready. */
  readonly usualMs?: number;
}

export interface ExplainResult {
  readonly name: string;
  readonly summary: string;
  readonly verdict: 'up' | 'degraded' | 'starting' | 'down';
  readonly cause?: Cause;
  /** At most 8 lines. */
  readonly evidence: readonly string[];
  /** ISO 8601: since when it is so. */
  readonly since: string;
  /** Each says why the one before it is so; the first is how it stands. At most 8. */
  readonly because: readonly Reason[];
  /** Absent for a job, and while there is no run. */
  readonly start?: StartTiming;
  /** What is different since it was ready for the last time, oldest first, at most 6; absent while it is, and when it never was. */
  readonly changed?: { readonly since: string; readonly what: readonly Reason[] };
  /** What happened to it lately, oldest first, at most 12. */
  readonly chain: readonly { readonly seq: number; readonly at: string; readonly text: string }[];
  readonly next: readonly NextStep[];
  readonly logCursor: number;
}
