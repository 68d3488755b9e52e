/** Where a process is in its life. Changed only by the transition table (`state/table.ts`). */
export type Phase = 'stopped' | 'waiting' | 'starting' | 'running' | 'stopping' | 'backoff' | 'completed' | 'failed';

/** What may move a process from one phase to another: the columns of the transition table. */
export type Trigger =
  | 'start'
  | 'stop'
  | 'restart'
  | 'fail'
  | 'admitted'
  | 'refused'
  | 'ready'
  | 'retry'
  | 'giveUp'
  | 'settle'
  | 'reaped'
  | 'relaunch'
  | 'unkillable'
  | 'timer';

/** Whether a process is wanted. Changed only by commands. */
export type Desired = 'up' | 'down';

/** One observed fact about a process, in the sense of a Kubernetes condition. */
export interface Condition {
  readonly status: 'true' | 'false' | 'unknown';
  /** One CamelCase word for programs, such as `ProbeFailed`. */
  readonly reason: string;
  /** A sentence for people. */
  readonly message?: string;
  /** What was seen, newest last. */
  readonly evidence?: readonly string[];
  /** When the status turned; wall clock, ms since the epoch. */
  readonly since: number;
  /** Only while checks fail: below the threshold too, when the status still stands. */
  readonly failing?: Failing;
}

/** How what is checked fails. */
export interface Failing {
  /**
   * `transient`: fewer failures in a row than the threshold; `persistent`: as many, or more; `flapping`: it has turned too
   * often lately for either word. That it flaps is stated with the reason `Flapping`; while it does, the status still
   * follows the truth, and what turns is told at level debug.
   */
  readonly verdict: 'transient' | 'persistent' | 'flapping';
  /** Failures in a row when the verdict was made; 0 when it flaps and the last check was good. */
  readonly failures: number;
  /** Of the first failure of the row, or of the last row; wall clock, ms since the epoch. */
  readonly since: number;
  /** Of the last good answer of this run; absent when there was none. */
  readonly lastGoodAt?: number;
}

export type ConditionName = 'ready' | 'healthy';

export const causeCodes = [
  'requested',
  'exited',
  'signalled',
  'outOfMemory',
  'portInUse',
  'commandNotFound',
  'exhausted',
  'permissionDenied',
  'missingModule',
  'syntaxError',
  'missingEnv',
  'missingFile',
  'configError',
  'unreachable',
  'exception',
  'startTimeout',
  'unhealthy',
  'limitExceeded',
  'crashLoop',
  'dependencyDown',
  'dependencyRestarted',
  'filesChanged',
  'scheduled',
  'unkillable',
  'unknown',
] as const;

export type CauseCode = (typeof causeCodes)[number];

/** Why a process is where it is. Never absent on `failed`. */
export interface Cause {
  readonly code: CauseCode;
  readonly message: string;
  /** Last lines, a probe's transcript, the holder of a port, a changed file. */
  readonly evidence: readonly string[];
  /** What to do about it, in one imperative sentence, when that is known. */
  readonly hint?: string;
  /** The port that `portInUse` and `unreachable` are about, when it is known. */
  readonly port?: number;
  /** `seq` of the event that led here. */
  readonly causedBy?: number;
}

/** How one incarnation ended. `code` and `signal` are as `wait(2)` tells them. */
export interface ExitInfo {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** From spawn to exit, on the monotonic clock, ms. */
  readonly uptimeMs: number;
  /** The longest time for which the `ready` condition was true without a break, ms; 0 when it never was. */
  readonly readyMs: number;
  readonly wasReady: boolean;
  /**
   * promptbin ended it because it had failed: a missed deadline, bad health, a limit. What it exited with is then no
   * sign of success, even when it is 0.
   */
  readonly condemned: boolean;
  readonly cause: Cause;
}

/** Where a process really listens, when that is not what it was told. */
export interface Listening {
  /** As bound: `0.0.0.0` and `::` are all interfaces. */
  readonly host: string;
  readonly port: number;
  readonly told: { readonly host: string; readonly port: number };
  /**
   * `port`: another port. Else it is the port that it was told; `family`: only on the other IP version, `::1` instead of
   * `127.0.0.1`; `exposed`: on all interfaces instead of one; `hidden`: on loopback only instead of all interfaces;
   * `address`: only on some other address.
   */
  readonly deviation: 'port' | 'family' | 'exposed' | 'hidden' | 'address';
  /** `port` and `url` of the status follow it; never when `port.strict` is set. */
  readonly followed: boolean;
}

export interface LastExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** ISO 8601. */
  readonly at: string;
}

/**
 * The status of a process: the same frozen object for plugins, programs, `ps --json`, the control socket and MCP.
 * What is not known is left out, never null.
 */
export interface ProcessView {
  readonly name: string;
  readonly kind: 'service' | 'job';
  readonly phase: Phase;
  readonly desired: Desired;
  /** `running` and the `ready` condition holds. */
  readonly ready: boolean;
  /** The `healthy` condition; absent while nothing checks the health. */
  readonly healthy?: boolean;
  readonly pid?: number;
  readonly port?: number;
  readonly url?: string;
  /** Absent while it listens where it was told, or is not known to listen. */
  readonly listening?: Listening;
  /** Seconds since this incarnation was spawned; absent while there is none. */
  readonly uptimeSec?: number;
  /** How often it was started again, by policy or on request. */
  readonly restarts: number;
  /** Which incarnation this is; 0 before the first. */
  readonly generation: number;
  /** Retries since it was last stable. */
  readonly attempt: number;
  /** ISO 8601; only in `backoff`. */
  readonly retryAt?: string;
  /** The unmet gates of a waiting process, as sentences. */
  readonly waitingFor?: readonly string[];
  readonly lastExit?: LastExit;
  readonly cause?: Cause;
  /** ISO 8601: when the phase was entered. */
  readonly since: string;
  readonly conditions: { readonly ready: Condition; readonly healthy: Condition };
}

export interface OutputLine {
  /** Counts the lines of one process through all its incarnations, from 1. */
  readonly seq: number;
  readonly at: number;
  readonly name: string;
  readonly generation: number;
  readonly stream: 'out' | 'err';
  readonly text: string;
}

/** What a stop did, proven: at its end the group is empty and the ports can be bound. */
export interface StopReceipt {
  readonly name: string;
  readonly signalled: readonly number[];
  readonly killed: readonly number[];
  /** Alive after SIGKILL, or of another user. Empty on success. */
  readonly escaped: readonly number[];
  readonly portsFreed: readonly number[];
  readonly tookMs: number;
  /** Of those that depend on it and were stopped first, in that order; absent when there were none. */
  readonly dependants?: readonly StopReceipt[];
}
