import type { ProcessAttributes } from './process-options.ts';

/** The one seam below the supervisor: nothing above it knows what a pid is, beyond showing it. */
export interface Runner {
  /** Starts the child in an own process group. Throws a PromptbinError when the command cannot be run. */
  spawn(plan: LaunchPlan, sink: ChildSink): RunningChild;
  /**
   * Takes over what another manager has spawned by such a plan, and what is alive. With which code it exits is not known then. Absent: what was left is ended.
   *
   * @param leader `startTime` is in clock ticks since boot: a pid alone may be anybody's
   */
  adopt?(plan: LaunchPlan, leader: { readonly pid: number; readonly startTime: number }, sink: ChildSink): RunningChild;
}

export interface LaunchPlan {
  readonly name: string;
  readonly generation: number;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly shell: boolean;
  /** The whole environment of the child; nothing is inherited beside it. */
  readonly env: Readonly<Record<string, string>>;
  /** It goes on when the manager vanishes. */
  readonly keep?: true;
  /** From SIGTERM to SIGKILL when the manager vanishes, ms. Default 5000. */
  readonly graceMs?: number;
  /** The port the child was told; verified to be free again by `reap`. */
  readonly port?: number;
  readonly host: string;
  /** The child gets a pipe as its stdin, to be written to; else it reads nothing. */
  readonly stdin?: 'pipe';
  /** It runs in a pseudo terminal of its own: that is its stdin, stdout and stderr. */
  readonly tty?: true;
  /** A descriptor from 3 to 255 that the child gets the writing end of a pipe as. */
  readonly notifyFd?: number;
  /** What the kernel is told of it before the command begins; `user` is another one than that of this process. */
  readonly attributes?: Readonly<ProcessAttributes>;
}

/** In characters. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** The terminal that a process runs in, for those who look at it. */
export interface ChildTerminal {
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;
  /** As typed. What cannot be written is dropped. */
  write(data: Uint8Array): void;
  /** The process is told by SIGWINCH. */
  resize(size: TerminalSize): void;
  /** Hears at once what was shown lately, then all that is shown, as raw bytes: secrets are not hidden. `onChunk` must not throw. */
  view(onChunk: (chunk: Uint8Array) => void): Disposable;
}

export interface ChildSink {
  /** The descriptor of a bound socket of this process, which the child gets as descriptor 3, as systemd hands over sockets. */
  readonly socket?: number | undefined;
  /** A descriptor of this process that the child gets as stdout and stderr: then `output` is not called. */
  readonly log?: number | undefined;
  /** Raw bytes as they come. Called synchronously; must not throw. */
  output(stream: 'out' | 'err', chunk: Uint8Array): void;
  /** One line that came in by `notifyFd`, without its end, cut at 4 KiB. Called synchronously; must not throw. */
  notified(text: string): void;
  /**
   * The leader has exited and what it wrote before has been passed to `output` (bounded, 500 ms).
   * Called exactly once, even when a grandchild still holds the pipes. `leftovers` are verified pids of its group, and
   * of stamped descendants that left it, which are still alive (swept while the output drains); usually empty.
   */
  exited(code: number | null, signal: NodeJS.Signals | null, leftovers: readonly number[]): void;
}

export interface RunningChild {
  readonly pid: number;
  /** False once the leader has exited. */
  readonly alive: boolean;
  /** Sends a signal to the leader alone, for which that may mean anything. False when it has exited. */
  signal(signal: NodeJS.Signals): boolean;
  /**
   * Writes to its stdin; absent when that is no pipe. Resolves when the pipe has taken it.
   *
   * @throws PromptbinError `PB_INPUT_REFUSED`
   */
  write?(text: string): Promise<void>;
  /** Present for what was started with `tty`. */
  readonly terminal?: ChildTerminal;
  /**
   * Ends the whole tree: signal, wait up to `graceMs`, SIGKILL, then verify that the group is empty and the port is
   * free, and `otherPort` as well, on which it was found to listen instead. Bounded: graceMs plus 5 s. Concurrent calls share one reaping; `kill()` cuts the grace short. Never rejects.
   */
  reap(options: { signal: NodeJS.Signals; graceMs: number; otherPort?: number | undefined }): Promise<ReapReport>;
  /** Skips what is left of the grace of a reaping under way. */
  kill(): void;
}

export interface ReapReport {
  readonly signalled: readonly number[];
  readonly killed: readonly number[];
  readonly escaped: readonly number[];
  readonly portsFreed: readonly number[];
  readonly tookMs: number;
}
