import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../../test-support/alive.ts';
import type { Command, Contender, Job, Machine, Plan } from './contender.ts';
import { killMarked, markedProcesses, markName, type Usage, usageOf } from './measure/processes.ts';
import { Stamps } from './measure/stamps.ts';
import { timeOf } from './measure/time.ts';

/** Nothing of the shell that the benchmark is run in: a large environment makes every spawn slower. */
function environment(mark: string, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const { PATH = '/usr/bin:/bin', HOME = '/' } = process.env;
  return { PATH, HOME, LANG: 'C.UTF-8', [markName]: mark, ...more };
}

/** A grace that is never used up, ms. */
export const longGraceMs = 5000;

/** A mode of `native/child.c`, with what follows the FIFO. */
export type Mode = readonly ['hold' | 'stubborn' | 'family' | 'write', ...string[]];

export type JobOptions = Omit<Job, 'command'> & { readonly mode: Mode };

/** A manager with its processes, from its start to the end of everything. Nothing of it outlives `close`. */
export class Session {
  readonly stamps: Stamps;
  readonly plan: Plan;
  readonly folder: string;
  readonly #mark = randomUUID();
  #process: ChildProcess | undefined;

  private constructor(plan: Plan, folder: string, stamps: Stamps) {
    this.plan = plan;
    this.folder = folder;
    this.stamps = stamps;
  }

  /** @returns undefined when the contender has no such thing to offer */
  static prepare(contender: Contender, { mode, ...rest }: JobOptions, machine: Machine): Session | undefined {
    const runs = join(machine.install, 'runs');
    mkdirSync(runs, { recursive: true });
    const folder = mkdtempSync(join(runs, `${contender.name}-`));
    const stamps = new Stamps(join(folder, 'stamps'));
    const [role, ...more] = mode;
    const command: Command = [...machine.programs.child, role, stamps.path, ...more];
    const project = join(folder, 'project');
    mkdirSync(project);
    const plan = contender.plan({ ...rest, command }, project, machine);
    const session = new Session(plan ?? { start: ['true'], stop: 'SIGTERM' }, folder, stamps);
    if (plan !== undefined) return session;
    session.close();
    return undefined;
  }

  /** @returns when it was begun, monotonic ns */
  start(): bigint {
    const output = openSync(join(this.folder, 'output'), 'a');
    const [file, ...args] = this.plan.start;
    const began = process.hrtime.bigint();
    this.#process = spawn(file, args, {
      ...this.#surroundings,
      stdio: ['ignore', output, output],
      // So that a signal for the group of the benchmark is not its own.
      detached: true,
    });
    closeSync(output);
    return began;
  }

  /** Runs one of its commands to the end. Rejects with what it printed when it fails. */
  async run([file, ...args]: Command): Promise<string> {
    const child = spawn(file, args, {
      ...this.#surroundings,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (printed += chunk));
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`${[file, ...args].join(' ')}: exit ${code}\n${printed}`);
    return printed;
  }

  /** How long one of its commands takes, ms. */
  time(command: Command): number {
    return timeOf(command, this.#surroundings);
  }

  /** Asks it to stop everything. Resolves when it has been asked, or its command has ended. */
  async stop(): Promise<void> {
    const { stop } = this.plan;
    if (typeof stop === 'string') process.kill(this.manager, stop);
    // Some fail when they had to use force. What lives tells whether they have.
    else await this.run(stop).catch(() => undefined);
  }

  /** The pid of the manager. */
  get manager(): number {
    const { pidFile } = this.plan;
    const pid = pidFile === undefined ? this.#process?.pid : Number(readFileSync(pidFile, 'utf8'));
    if (pid === undefined) throw new Error('it was not started');
    return pid;
  }

  /** Where the output of its only process is. */
  get output(): string {
    return this.plan.output ?? join(this.folder, 'output');
  }

  /** What the manager and its helpers use, without the processes that it looks after. */
  usage(): Usage {
    const children = new Set(this.stamps.all.map(({ pid }) => pid));
    return usageOf(markedProcesses(this.#mark).filter((pid) => !children.has(pid)));
  }

  /**
   * Resolves when nothing of it is there any more.
   *
   * @throws Error when it is still there after twice the longest grace
   */
  async untilGone(): Promise<void> {
    const deadline = performance.now() + 2 * longGraceMs;
    while (markedProcesses(this.#mark).length > 0) {
      if (performance.now() > deadline) throw new Error('it does not end');
      await sleep(20);
    }
  }

  /** Those of the processes that have stated themselves and live. */
  living(): readonly number[] {
    return this.stamps.all.map(({ pid }) => pid).filter(isAlive);
  }

  /** What the manager has printed. */
  said(): string {
    const file = join(this.folder, 'output');
    return existsSync(file) ? readFileSync(file, 'utf8').slice(-4000) : '';
  }

  /** Ends whatever is left and removes the folder. */
  close(): void {
    killMarked(this.#mark);
    this.stamps.close();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10 });
  }

  get #surroundings(): { readonly cwd: string; readonly env: Record<string, string> } {
    return { cwd: join(this.folder, 'project'), env: environment(this.#mark, this.plan.env) };
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
