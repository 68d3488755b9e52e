import type { ErrorCode } from './commands.ts';
import type { Cause, Condition, ConditionName, Desired, ExitInfo, Listening, Phase, Trigger } from './process.ts';

/**
 * Every fact a manager can state. A plugin adds its own with `declare module '@promptbin/core'`.
 * Names are `subject.pastOrNoun`.
 */
export interface EventMap {
  'manager.started': {
    pid: number;
    processes: readonly string[];
    plugins: readonly string[];
    /**
     * The manager before, as the journal tells: when its last event was, ms since the epoch, and whether it came to its end or
     * was killed. `pid` is absent when it has stated too much since it began.
     */
    previous?: { pid?: number; lastAt: number; endedCleanly: boolean };
  };
  /** `failed`: an essential process that has failed for good, and ends the manager. */
  'manager.closing': { why: string; failed?: string };
  /** It has come to its end: what is stated after it is not recorded. */
  'manager.closed': { pid: number };
  /** The manager before was killed, and this is what it had left: ended before anything was started. `left`: pids of what could not be. */
  'manager.swept': {
    processes: readonly { pid: number; name: string; run: number; command?: string }[];
    left: readonly number[];
  };
  /** A manager before was killed, and its guardian has ended what it had left, at `at`, ms since the epoch. `left`: what it could not end. */
  'manager.cleared': { manager: number; at: number; ended: readonly number[]; left: readonly number[] };
  /** A process that ends everything when the manager vanishes has been started: with the first child, and anew when it has died. */
  'manager.guarded': { pid: number };
  /** A turn of the kernel failed: a bug of promptbin, not of a plugin. */
  'manager.defect': { message: string };
  'config.loaded': { file?: string; processes: number; plugins: readonly string[] };
  /** Another config is in force; each list holds names of processes. */
  'config.reloaded': {
    file?: string;
    added: readonly string[];
    removed: readonly string[];
    restarted: readonly string[];
    updated: readonly string[];
    plugins: readonly string[];
  };
  /** A reload was refused: everything is as it was. */
  'config.rejected': { file?: string; code: ErrorCode; message: string };
  /** A command that is not for reading was called, and has answered. Secrets in `input` are hidden, and long texts cut. */
  'command.called': {
    command: string;
    /** As the caller names itself, such as `mcp:claude-code/2.1.0`. */
    caller: string;
    input: Readonly<Record<string, unknown>>;
    ok: boolean;
    /** Of what was refused, or has failed. */
    code?: ErrorCode;
    tookMs: number;
  };
  'process.added': { name: string };
  /** It has other settings; `paths` are those that differ, such as `port.preferred`. */
  'process.configured': {
    name: string;
    generation: number;
    kind: 'service' | 'job';
    action: 'restart' | 'update';
    paths: readonly string[];
  };
  'process.removed': { name: string };
  'process.desired': { name: string; desired: Desired; cause: Cause; fresh: boolean };
  'process.phase': { name: string; generation: number; from: Phase; to: Phase; by: Trigger; cause?: Cause };
  /** `cause`: what it waits for will not come by itself. */
  'process.waiting': { name: string; waitingFor: readonly string[]; cause?: Cause };
  /** `kind` is absent for a service. */
  'process.spawned': {
    name: string;
    generation: number;
    pid: number;
    kind?: 'job';
    /** A manager that was killed has spawned it, and this one has taken it over. */
    adopted?: true;
    /** Pid of the run before, which serves on until this one is ready. */
    beside?: number;
    /** It was there before, and goes on under another number: the run that was to replace it did not become ready. */
    back?: true;
    port?: number;
    url?: string;
    restart: boolean;
    /** Marks of its command, its folder and its variables, by their paths: where those of two runs are equal, so were these. */
    made?: Readonly<Record<string, string>>;
  };
  /** It was found to listen elsewhere than it was told or, without `listening`, where it was told after all. */
  'process.listening': { name: string; generation: number; port: number; url: string; listening?: Listening };
  /** One line that the child wrote to its notification descriptor; of more than 100 within 10 s the rest is left out. */
  'process.notified': { name: string; generation: number; text: string };
  'process.exited': { name: string; generation: number; exit: ExitInfo; lastLines: readonly string[] };
  'process.retry': { name: string; generation: number; delayMs: number; attempt: number; port?: 'next' };
  'process.condition': { name: string; generation: number; condition: ConditionName; value: Condition };
  /** Of the whole tree. `cpuPercent` is of one core; threads and open descriptors are told on Linux only. */
  'process.sample': {
    name: string;
    generation: number;
    cpuPercent: number;
    memoryBytes: number;
    processes: number;
    threads?: number;
    descriptors?: number;
  };
  /** Near its limit: said once, until it has gone down again. `value` and `max` are bytes or percent of one core. */
  'process.limitWarning': { name: string; generation: number; resource: 'memory' | 'cpu'; value: number; max: number };
  /** Over its limit for the whole of `forMs`. */
  'process.limitExceeded': {
    name: string;
    generation: number;
    resource: 'memory' | 'cpu';
    value: number;
    max: number;
    forMs: number;
  };
  /** A signal that is not to end it was sent to its leader. */
  'process.signalled': { name: string; generation: number; signal: NodeJS.Signals };
  'process.stopped': {
    name: string;
    generation: number;
    signalled: readonly number[];
    killed: readonly number[];
    escaped: readonly number[];
    portsFreed: readonly number[];
    tookMs: number;
  };
  'process.logFault': { name: string; file: string; message: string };
  /** A line at the end of the journal was torn by a power cut or a kill; it is dropped. */
  'journal.recovered': { file: string; bytes: number };
  /** It cannot be written, or not even read. Said once: what is stated meanwhile is kept in memory. */
  'journal.fault': { message: string };
  /** It is written again, with what memory has kept. `lost`: events that it has not. */
  'journal.resumed': { lost: number };
  /** Stands in the journal for an event that does not fit into a line of JSON, or not into 1 MiB. */
  'journal.omitted': { type: string; reason: string };
  /** For plugins to state: these URIs show something else than before; with `listChanged` there are others than before. */
  'resource.changed': { uris: readonly string[]; listChanged?: true };
  'plugin.fault': { plugin: string; hook: string; code: ErrorCode; message: string };
  'plugin.muted': { plugin: string; faults: number; windowMs: number };
}

export type EventType = keyof EventMap;

/**
 * One fact: frozen, numbered without gaps, stamped with the wall clock (ms since the epoch). A manager that keeps a journal
 * goes on where the one before has ended; any other counts from 1.
 */
export type ManagerEvent<K extends EventType = EventType> = {
  [T in K]: { readonly seq: number; readonly at: number; readonly type: T; readonly data: Readonly<EventMap[T]> };
}[K];
