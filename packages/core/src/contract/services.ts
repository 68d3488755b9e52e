import type { LogPage, LogQuery } from './manager.ts';
import type { ProcessView } from './process.ts';
import type { LogsResult } from './results.ts';

/** A process that has something. All is absent for one of another user: its descriptors cannot be read. */
export interface Holder {
  readonly pid?: number;
  /** Its command line. */
  readonly command?: string;
  /** Which process and run of a promptbin manager, this or another one, has started it or what it comes from. */
  readonly child?: {
    readonly process: string;
    readonly run: number;
    /** That manager is gone. */
    readonly orphaned?: true;
  };
}

/** Who listens on a TCP port, as far as the platform tells. */
export type Listener =
  | {
      readonly kind: 'ours';
      readonly pid: number;
      /** An address where it can be reached: of one that is bound to all interfaces, that of the loopback. */
      readonly host: string;
    }
  | ({ readonly kind: 'stranger' } & Holder)
  | { readonly kind: 'nobody' }
  /** Somebody listens, and the platform cannot say who (not Linux). */
  | { readonly kind: 'unknown' };

export interface NetworkService {
  /**
   * Who listens on `port`, seen from the process `name`: its own tree, a stranger, or nobody. With a `host` it is who gets the
   * connections to that name or address, which others may have bound, too; else one of its own tree is preferred.
   *
   * @throws the error of the lookup of `host`
   */
  listener(name: string, port: number, host?: string): Promise<Listener>;
  /** Who listens on `port`, in words such as `pid 4711 (python app.py)`; undefined when nobody does, or when that is not known. */
  holder(port: number): Promise<string | undefined>;
  /** Pids of the process's tree: its group and stamped descendants. Empty when it is down. */
  tree(name: string): Promise<readonly number[]>;
  /**
   * Looks where the process listens. When that is not what is known, it is stated by `process.listening`, and the status
   * follows it unless `port.strict` is set. Another port is stated and followed only once it has been the only one for 3 s,
   * so by a second look.
   *
   * @returns a sentence such as `listens on port 5001, not on 5000 as it was told`; undefined when it listens where it was
   * told, or nowhere, or the platform does not tell
   */
  locate(name: string): Promise<string | undefined>;
}

export interface ExecOptions {
  /** Aborted: the whole tree of the command is killed. */
  readonly signal: AbortSignal;
  /** How much of the newest output is kept. Default 64 KiB. */
  readonly outputBytes?: number;
}

export interface ExecResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Both streams in the order in which they came, secrets taken out. */
  readonly output: string;
}

export interface ExecService {
  /**
   * Runs a command in the environment and the folder of a process that is up, in a process group of its own. Resolves when
   * it has exited and nothing of its tree is left.
   *
   * @throws PromptbinError `PB_EXEC_DOWN` when the process is not up; `PB_SPAWN_FAILED`; the reason of the signal
   */
  run(
    name: string,
    command: { readonly command: string; readonly args: readonly string[]; readonly shell?: boolean },
    options: ExecOptions,
  ): Promise<ExecResult>;
}

export interface OutputService {
  /**
   * Resolves with the first line of the present incarnation that matches and has a greater `seq` than `after`; one that has
   * come already counts. An unfinished line counts when nothing was added to it for 100 ms, with the `seq` that it has if it
   * is the next to end.
   *
   * @throws PromptbinError `PB_PROCESS_UNKNOWN`; the reason of the signal
   */
  waitFor(name: string, pattern: string | RegExp, options: WaitForLine): Promise<FoundLine>;
  /**
   * Lines that are kept, as they came.
   *
   * @throws PromptbinError `PB_PROCESS_UNKNOWN`
   */
  page(name: string, query: LogQuery): LogPage;
  /**
   * The newest lines after `after`, as agents get them: repeats are one, and what health checks leave in an access log is hidden.
   *
   * @throws PromptbinError `PB_PROCESS_UNKNOWN`
   */
  read(name: string, query: { readonly after: number; readonly tail: number }): Promise<LogsResult>;
}

export interface SignalService {
  /**
   * Sends a signal to the leader of an incarnation, to which that may say "read your files anew". Resolves with false when
   * it is gone.
   */
  send(process: Pick<ProcessView, 'name' | 'generation'>, signal: NodeJS.Signals): Promise<boolean>;
}

/** A request that health checks make again and again. */
export interface ProbeRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
}

/** What one check has found just now. */
export interface ProbeResult {
  /** What it stands for: `readiness`, `liveness` or both. */
  readonly kinds: readonly string[];
  /** By what is asked, such as `http`. */
  readonly by: string;
  readonly ok: boolean;
  /** What is wrong, in a sentence; only when it is not ok. */
  readonly message?: string;
  readonly tookMs: number;
}

export interface ProbeService {
  /** What a process is asked over HTTP, so that its access log is full of it. */
  requests(name: string): readonly ProbeRequest[];
  /**
   * Asks a running process now what it is asked again and again. What it is known to be does not change by that. Empty when it is
   * not checked, or not running.
   *
   * @throws the reason of the signal
   */
  check(name: string, signal: AbortSignal): Promise<readonly ProbeResult[]>;
}

export interface ResourceService {
  /**
   * Somebody looks: reads what has not been read for a while, and reads it often for the next minute. Resolves when the
   * newest readings are stated as `process.sample`.
   */
  refresh(): Promise<void>;
}

export interface WaitForLine {
  readonly signal: AbortSignal;
  /** Default 0. */
  readonly after?: number;
}

export interface FoundLine {
  readonly text: string;
  readonly seq: number;
  /** Pass as `after` to go on with what comes later: the `seq` of the newest line that was there when this one was found. */
  readonly cursor: number;
}
