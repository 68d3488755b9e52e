import type { CommandPort } from './commands.ts';
import type { Config } from './config.ts';
import type { ConfigSource } from './config-source.ts';
import type { EventType, ManagerEvent } from './events.ts';
import type { OutputLine, Phase, ProcessView, StopReceipt } from './process.ts';
import type { ChildTerminal } from './runner.ts';

export interface UntilOptions {
  /** Default: none. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface StartOptions {
  /** Default true: what it depends on comes up with it and is waited for. False: it begins at once, by itself. */
  readonly dependencies?: boolean;
}

/** One process of a manager. */
export interface ManagedProcess {
  readonly name: string;
  readonly view: ProcessView;
  /** Ensures that it is up; resolves when it is ready (a job: completed), rejects with its cause when it will not be. */
  start(options?: StartOptions): Promise<ProcessView>;
  /** Accepted in every phase, bounded in time. Rejects with PB_STOP_UNKILLABLE when something survived. */
  stop(why?: string): Promise<StopReceipt>;
  /** One operation: concurrent calls coalesce. Settles as `start` does. */
  restart(why?: string): Promise<ProcessView>;
  /** Resolves at the first view that passes; rejects with PB_WAIT_TIMEOUT or the signal's reason. */
  until(test: Phase | 'ready' | ((view: ProcessView) => boolean), options?: UntilOptions): Promise<ProcessView>;
  logs(options?: LogQuery): LogPage;
  /** Calls `fn` after each piece of output: time to read on. `fn` must not throw. */
  onOutput(fn: () => void): Disposable;
  /** For a program that is to run beside its present run. Secrets are not hidden. Throws PB_EXEC_DOWN when there is none. */
  surroundings(): Surroundings;
  /** That of its present run, which has one with `tty`. Secrets are not hidden. Throws PB_TTY_NONE when there is none. */
  terminal(): ChildTerminal;
}

/** Where and with what a process was spawned, without what marks it as a child of its manager. */
export interface Surroundings {
  /** Absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface LogQuery {
  /** At most this many lines, the newest. Default: all that is kept. */
  readonly tail?: number;
  /** At most this many lines, the oldest: `cursor` is then where to go on. */
  readonly head?: number;
  /** Only lines with a greater `seq`. */
  readonly after?: number;
  readonly stream?: 'out' | 'err';
}

export interface LogPage {
  readonly lines: readonly OutputLine[];
  /** Pass as `after` to go on from here. */
  readonly cursor: number;
  /** Lines after `after` that the ring no longer holds. */
  readonly dropped: number;
}

/** What could not be ended, and what plugins did wrong. */
export interface CloseReport {
  readonly unstopped: readonly { readonly name: string; readonly pid: number }[];
  readonly receipts: readonly StopReceipt[];
  readonly faults: readonly ManagerEvent<'plugin.fault'>[];
}

/** How a value of the config differs; secrets are not shown. */
export interface ConfigChange {
  /** Such as `port.preferred`, below the process. */
  readonly path: string;
  /** Absent when there was, or is, none. */
  readonly from?: unknown;
  readonly to?: unknown;
}

/**
 * What a reload does to a process: `restart` when what it runs, or how, has changed; `update` when the new settings hold
 * without a restart; `keep` when nothing differs.
 */
export interface ReloadStep {
  readonly action: 'add' | 'remove' | 'restart' | 'update' | 'keep';
  readonly name: string;
  readonly changes: readonly ConfigChange[];
}

export interface ReloadOptions {
  /** Plan only. */
  readonly dryRun?: boolean;
  /** From `loadConfig`: where each value stands. */
  readonly source?: ConfigSource;
}

export interface ReloadReport {
  readonly summary: string;
  /** False after a dry run, and when nothing differs. */
  readonly applied: boolean;
  /** In the order in which they are carried out. */
  readonly processes: readonly ReloadStep[];
  /** `replace`: its options changed; it is disposed and set up again. */
  readonly plugins: readonly { readonly action: 'add' | 'remove' | 'replace' | 'keep'; readonly name: string }[];
  /** Removed processes of which something is still alive: they stay in the list, failed, and cannot be started. */
  readonly unstopped: readonly string[];
}

export interface Manager extends CommandPort, AsyncDisposable {
  /** The folder of the config. */
  readonly root: string;
  /** Every `autostart` process, in dependency order. Resolves when all are wanted; does not wait for them to be ready. */
  start(names?: readonly string[], options?: StartOptions): Promise<void>;
  /** Throws PB_PROCESS_UNKNOWN with the known names. */
  process(name: string): ManagedProcess;
  processes(): readonly ProcessView[];
  /**
   * Takes another config and touches only what differs: resolves when what was taken out has ended and the rest is asked
   * for. An invalid config changes nothing.
   *
   * @throws PromptbinError `PB_CONFIG_INVALID` and what else `createManager` throws; `PB_MANAGER_CLOSED`
   */
  reload(config: Config, options?: ReloadOptions): Promise<ReloadReport>;
  on<K extends EventType>(type: K, fn: (event: ManagerEvent<K>) => void): Disposable;
  /** Idempotent, never rejects. A second call with `{ force: true }` skips what is left of every grace. */
  close(why?: string, options?: { force?: boolean }): Promise<CloseReport>;
}
