import type { ManagerEvent } from './events.ts';
import type { HookName } from './hooks.ts';
import type { OutputLine, ProcessView, StopReceipt } from './process.ts';
import type { ProbeResult } from './services.ts';

// What core's own commands answer. Every answer has a `summary`: one line that says it all to a person or an agent.

export interface ListResult {
  readonly summary: string;
  readonly processes: readonly ProcessView[];
  /** `seq` of the newest event: pass as `after` to hear what comes next. */
  readonly eventCursor: number;
}

/** The last sample of the process tree, when a plugin takes them. */
export interface Resources {
  readonly cpuPercent: number;
  readonly memoryBytes: number;
  readonly processes: number;
  /** On Linux only. */
  readonly threads?: number;
  readonly descriptors?: number;
}

export interface ResourcesResult {
  readonly summary: string;
  /** By name; of those that were never sampled there is none. */
  readonly resources: Readonly<Record<string, Resources>>;
}

export interface PluginsResult {
  readonly summary: string;
  /** In the order in which they were set up. */
  readonly plugins: readonly { readonly name: string; readonly hooks: readonly HookName[] }[];
}

/** What is one error in the output, however often it was written. */
export interface ErrorGroup {
  /** What all of them have in common: without ids, times, paths and numbers. */
  readonly signature: string;
  /** Of the newest: the exception with its message, or the line. */
  readonly message: string;
  readonly count: number;
  /** `seq` of the first line of the oldest, and of the last line of the newest. */
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** ISO 8601. */
  readonly firstAt: string;
  readonly lastAt: string;
  /** The newest in at most 4 lines: what was logged with it, the call of the program's own code, the exception. */
  readonly sample: readonly string[];
}

export type GetResult = ProcessView & {
  readonly summary: string;
  readonly logCursor: number;
  /** What this incarnation has written, newest first, at most 5; absent when there is none. */
  readonly errors?: readonly ErrorGroup[];
  readonly resources?: Resources;
  /** What its health checks have found just now, when that was asked for. */
  readonly probes?: readonly ProbeResult[];
};

export interface ConfigResult {
  readonly summary: string;
  readonly name: string;
  /** In the words of the config file; durations in ms, sizes in bytes. */
  readonly config: Readonly<Record<string, unknown>>;
}

export interface OutputResult {
  readonly summary: string;
  /** Those that have written more than was known. */
  readonly changed: readonly string[];
  /** By name, the number of the newest line. */
  readonly cursors: Readonly<Record<string, number>>;
}

/** A line, or several of one kind in a row: then it is the newest of them, and `×37` stands behind its text. */
export type LogLine = OutputLine & {
  /** How many lines it stands for, from 3. */
  readonly repeats?: number;
  /** `seq` of the oldest of them. */
  readonly firstSeq?: number;
};

export interface LogsResult {
  readonly summary: string;
  readonly lines: readonly LogLine[];
  readonly nextCursor: number;
  /** Lines after the cursor that the ring no longer holds. */
  readonly dropped: number;
  /** Lines after the cursor, or that fit the filters, or a part of one, were left out to stay within `tail` and `maxBytes`. */
  readonly truncated: boolean;
  /** Lines of the access log for health checks, which are shown only to a `grep`. */
  readonly filteredOut: number;
  /** What to know about the cursor: it was of another manager. */
  readonly note?: string;
}

export type WaitResult = ProcessView & {
  readonly summary: string;
  readonly met: boolean;
  /** Why it is not met: the time is over, or it will not come to that by itself. */
  readonly reason?: string;
  readonly waitedMs: number;
  /** With `until: 'log'`. */
  readonly matchedLine?: { readonly seq: number; readonly text: string };
  /** When it is not met: at most 10 of the lines of its last run and of what came since the call began, those that matter. */
  readonly newLogs?: readonly OutputLine[];
  readonly logCursor: number;
};

export interface EventEntry {
  readonly seq: number;
  /** ISO 8601. */
  readonly at: string;
  readonly type: string;
  /** The process that it is about, if any. */
  readonly name?: string;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  /** One sentence. */
  readonly text: string;
  /** What a program may need beside it, without what is long. */
  readonly data: Readonly<Record<string, unknown>>;
}

export interface EventsResult {
  readonly summary: string;
  /** Oldest first. */
  readonly events: readonly EventEntry[];
  /** Of the last one told, when there are more; else of the newest there is. */
  readonly nextCursor: number;
  /** Events after the cursor, of all kinds, that are no longer kept. */
  readonly dropped: number;
  /** What to know about the cursor: it was of a manager with whose count this one does not go on. */
  readonly note?: string;
}

export type StartResult = ProcessView & {
  readonly summary: string;
  /** Whether this call did anything: false when it was up already. */
  readonly changed: boolean;
  /** Whether it is ready (a job: completed) now. False after a wait that timed out or was not asked for. */
  readonly met: boolean;
  /** On failure only: at most 10 of the lines of its last run and of what came since the call began, those that matter. */
  readonly newLogs?: readonly OutputLine[];
};

export interface SignalResult {
  readonly summary: string;
  readonly name: string;
  readonly signal: NodeJS.Signals;
  /** Of the leader, which has got it. */
  readonly pid?: number;
}

export interface SendResult {
  readonly summary: string;
  readonly name: string;
  /** With the line break. */
  readonly bytes: number;
  /** Of before it was written: what comes after that may be the answer. */
  readonly logCursor: number;
}

export type StopResult = ProcessView & { readonly summary: string; readonly receipt: StopReceipt };

export interface ManagerStatusResult {
  readonly summary: string;
  readonly pid: number;
  /** The folder of the config. */
  readonly project: string;
  readonly file?: string;
  /** ISO 8601. */
  readonly since: string;
  /** Pass as `after` to hear all that this manager has stated, and nothing of those before. */
  readonly startCursor: number;
  readonly plugins: readonly string[];
}

export interface ManagerStopResult {
  readonly summary: string;
  readonly receipts: readonly StopReceipt[];
  readonly unstopped: readonly { readonly name: string; readonly pid: number }[];
  readonly faults: readonly ManagerEvent<'plugin.fault'>[];
}
