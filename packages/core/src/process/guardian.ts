import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Clock } from '../contract/clock.ts';
import { guardianScript } from './guardian-script.ts';
import type { ProcessIdentity } from './procfs.ts';

/** The least time between two guardians, ms: one that cannot live must not keep the manager busy. */
const restartMs = 500;

export interface GuardianOptions {
  /** The token of the manager. */
  readonly stamp: string;
  /** Where it states what it has done, for the next manager. Default: nowhere. */
  readonly record?: string | undefined;
  /** The folder of the cgroups, one by the pid of each leader. */
  readonly cgroups?: string | undefined;
  readonly clock: Clock;
  /** Told of each guardian that is started: the first, and those that take the place of one that has died. */
  onStart(pid: number): void;
}

/** What is to be ended when the manager is gone. */
export interface Ward extends Pick<ProcessIdentity, 'pid'> {
  /** Clock ticks since boot; absent where there is no `/proc`. */
  readonly startTime: number | undefined;
  /** From SIGTERM to SIGKILL, ms. */
  readonly graceMs: number;
}

/**
 * A process of its own that ends every child when this one vanishes, however that happens: it waits for the end of a pipe, which only the kernel closes.
 * It is started with the first child, and anew when it dies.
 */
export class Guardian {
  readonly #options: GuardianOptions;
  readonly #wards = new Map<number, Ward>();
  #process: ChildProcess | undefined;
  #isClosed = false;
  #lastStart = Number.NEGATIVE_INFINITY;
  /** What it is told next. */
  #lines = '';

  constructor(options: GuardianOptions) {
    this.#options = options;
  }

  /** To be called before a child is spawned. What cannot be started is tried again with the next. */
  start(): void {
    if (this.#process !== undefined || this.#isClosed) return;
    this.#lastStart = this.#options.clock.now();
    const { stamp, record, cgroups } = this.#options;
    const child = spawn('/bin/sh', ['-c', 'eval "$PROMPTBIN_GUARDIAN"', 'promptbin-guardian', stamp], {
      // Not of the group of the manager: what ends that, such as Ctrl-C, must not end this.
      detached: true,
      cwd: '/',
      // Without a stamp, so that an outer manager does not take it for a part of what it ends.
      env: { PATH: process.env.PATH ?? '/usr/bin:/bin', PROMPTBIN_GUARDIAN: guardianScript },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    // Whoever cannot be started, or is gone, is told by its exit.
    child.on('error', () => this.#died(child));
    child.on('exit', () => this.#died(child));
    child.stdin?.on('error', () => {});
    child.unref();
    (child.stdin as Socket | null)?.unref();
    this.#process = child;
    this.#lines = '';
    for (const path of [record, cgroups]) child.stdin?.write(`${path?.includes('\n') ? '' : (path ?? '')}\n`);
    for (const ward of this.#wards.values()) this.#tell(ward);
    if (child.pid !== undefined) this.#options.onStart(child.pid);
  }

  /** A child has been spawned; disposed of when its tree has ended. */
  watch(ward: Ward): Disposable {
    this.#wards.set(ward.pid, ward);
    this.#tell(ward);
    return {
      [Symbol.dispose]: () => {
        if (this.#wards.get(ward.pid) !== ward) return;
        this.#wards.delete(ward.pid);
        this.#write(`-${ward.pid}\n`);
      },
    };
  }

  /** The manager has ended everything by itself. */
  close(): void {
    this.#isClosed = true;
    this.#process?.stdin?.end('bye\n');
  }

  #tell({ pid, startTime = 0, graceMs }: Ward): void {
    this.#write(`+${pid} ${startTime} ${Math.ceil(graceMs / 1000)}\n`);
  }

  /** All of a turn of the event loop at once: each write wakes it. What it is not told yet is found by its stamp. */
  #write(line: string): void {
    if (this.#lines === '') setImmediate(() => this.#flush());
    this.#lines += line;
  }

  #flush(): void {
    if (!this.#isClosed) this.#process?.stdin?.write(this.#lines);
    this.#lines = '';
  }

  #died(child: ChildProcess): void {
    if (this.#process !== child) return;
    this.#process = undefined;
    if (this.#isClosed || this.#wards.size === 0) return;
    const { clock } = this.#options;
    clock.after(Math.max(0, this.#lastStart + restartMs - clock.now()), () => this.start());
  }
}
