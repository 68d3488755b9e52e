import type { ResolvedConfig } from './config.ts';
import type { ManagerEvent } from './events.ts';
import type { Cause, ExitInfo, OutputLine, ProcessView } from './process.ts';

export type Env = Readonly<Record<string, string>>;

/** What is about to be run. A `plan` tap returns it, changed or not. */
export interface SpawnPlan {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly shell: boolean;
  /** A descriptor from 3 to 255 that the child may write lines to; each becomes an event `process.notified`. */
  readonly notifyFd?: number;
}

export interface PortRequest {
  readonly preferred: number | 'auto';
  readonly host: string;
  /** Ports that other processes of this manager hold. */
  readonly taken: ReadonlySet<number>;
}

export interface Evidence {
  readonly exit?: ExitInfo;
  readonly lines: readonly OutputLine[];
  readonly events: readonly ManagerEvent[];
}

/** Not now. The gate is asked again after `retryAfterMs` (default 1000). */
export interface Veto {
  readonly reason: string;
  readonly retryAfterMs?: number;
}

export type Decision =
  /**
   * `port: 'next'`: not on the port of this run, but on the next one that is free, and on none that was given up so before
   * the process is ready. Ignored with `port.strict`.
   */
  | { readonly action: 'retry'; readonly delayMs: number; readonly attempt?: number; readonly port?: 'next' }
  | { readonly action: 'giveUp'; readonly cause: Cause }
  | { readonly action: 'settle' };

export type Verdict = { readonly ready: true } | { readonly ready: false; readonly why: string };

/** Collects what must hold before a process counts as ready. All must. */
export interface Barrier {
  /**
   * Adds a condition. `probe` resolves when the answer is final; `{ ready: false }` or a rejection fails the start, never
   * later than the deadline, when `signal` aborts. The cause is `startTimeout`, or `portInUse` while a stranger is on the
   * port of the process.
   */
  waitFor(name: string, probe: (signal: AbortSignal) => Promise<Verdict>): void;
}

/** `before` names a plugin whose taps come after this one. */
export interface TapOptions {
  readonly name: string;
  readonly stage?: number;
  readonly before?: string;
}
export type TapName = string | TapOptions;

export interface SyncTap<A extends unknown[], R> {
  tap(name: TapName, fn: (...args: A) => R): void;
}
export interface AsyncTap<A extends unknown[], R> extends SyncTap<A, R> {
  tapPromise(name: TapName, fn: (...args: A) => Promise<R>): void;
}
type First<A extends unknown[]> = A extends [infer H, ...unknown[]] ? H : never;

/** Every tap is called; what it returns is ignored. */
export type Notify<A extends unknown[]> = SyncTap<A, void>;
/** The first tap that returns something else than undefined answers. */
export type Bail<A extends unknown[], R> = SyncTap<A, R | undefined>;
/** Each tap gets what the one before returned; undefined leaves it as it was. */
export type Waterfall<A extends unknown[]> = SyncTap<A, First<A> | undefined>;
export type AsyncNotify<A extends unknown[]> = AsyncTap<A, void>;
export type AsyncBail<A extends unknown[], R> = AsyncTap<A, R | undefined>;
export type AsyncWaterfall<A extends unknown[]> = AsyncTap<A, First<A> | undefined>;

/** The twelve hooks in firing order. The kind is part of the type; plugins get the tap methods only. */
export interface ManagerHooks {
  /** At boot and at each reload: the config, changed. A fault here fails the boot, or the reload. */
  readonly configure: AsyncWaterfall<[config: ResolvedConfig]>;
  /** Entering `waiting`, dependencies met: may this start now? */
  readonly gate: AsyncBail<[process: ProcessView], Veto>;
  /** After the gate: a port, or nothing. Core's allocator is last. */
  readonly port: AsyncBail<[request: PortRequest, process: ProcessView], number>;
  /** Then: command, arguments and folder. */
  readonly plan: Waterfall<[plan: SpawnPlan, process: ProcessView]>;
  /** Then: the environment of the child. */
  readonly env: AsyncWaterfall<[env: Env, process: ProcessView]>;
  /** After the spawn: conditions to wait for. */
  readonly readiness: Notify<[process: ProcessView, barrier: Barrier]>;
  /** Each line of output. Hot path. */
  readonly output: Notify<[line: OutputLine]>;
  /** An exit that nobody asked for: what now? Pure, no I/O. */
  readonly decide: Bail<[process: ProcessView, exit: ExitInfo], Decision>;
  /** Why is it down? Asked at each exit, before `decide`. */
  readonly diagnose: Bail<[process: ProcessView, evidence: Evidence], Cause>;
  /** Before the stop signal: drain. At most half of the grace, so that the process keeps the rest to act on the signal. */
  readonly beforeStop: AsyncNotify<[process: ProcessView, why: string]>;
  /** Each fact, already in the log. */
  readonly event: Notify<[event: ManagerEvent]>;
  /** First step of `close()`. */
  readonly closing: AsyncNotify<[why: string]>;
}

export type HookName = keyof ManagerHooks;
