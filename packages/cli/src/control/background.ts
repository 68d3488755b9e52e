import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { bin } from '../bin.ts';
import { fault, rethrown } from '../fault.ts';
import type { Failure } from '../render/failure.ts';
import { type ConnectOptions, connect, type ManagerConnection, unlessGone } from './client.ts';
import type { ProjectFiles } from './project.ts';
import { readRecord } from './record.ts';

const pollMs = 30;
/** How long another manager, which was faster than ours, may take to answer. */
const otherMs = 10_000;

export interface BackgroundOptions extends ConnectOptions {
  /** Arguments of `up`. */
  readonly args: readonly string[];
  readonly signal?: AbortSignal;
  /** Hears of the manager as soon as it is spawned: `ended` resolves with why it has ended, once it has. */
  readonly onStart?: ((ended: Promise<Error>) => void) | undefined;
}

/**
 * Starts a manager that outlives this process, and connects to it. When another one is faster, connects to that.
 *
 * @throws PromptbinError what the manager threw, or `PB_MANAGER_START` with what it said; its exit code is in `details`
 */
export async function startInBackground(files: ProjectFiles, options: BackgroundOptions): Promise<ManagerConnection> {
  const out = await open(files.out, 'a', 0o600);
  const { size: said } = await out.stat();
  const child = spawn(process.execPath, [bin, 'up', '--background', '--json', ...options.args], {
    cwd: files.root,
    detached: true,
    stdio: ['ignore', out.fd, out.fd],
  });
  await out.close();
  child.unref();
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  options.onStart?.(exited.then(([code]) => startFault(files, said, code)));
  let deadline = Number.POSITIVE_INFINITY;
  for (;;) {
    const ended = await Promise.race([exited, sleep(pollMs)]);
    options.signal?.throwIfAborted();
    // 0: another manager holds the project.
    if (ended?.[0] === 0) deadline = Math.min(deadline, performance.now() + otherMs);
    else if (ended !== undefined) throw await startFault(files, said, ended[0]);
    const connection = await connectIfUp(files.root, options);
    if (connection !== undefined) return connection;
    if (performance.now() > deadline) throw await heldFault(files);
    if (ended !== undefined) await sleep(pollMs);
  }
}

/** A connection to a manager that takes commands; undefined while it is starting, on its way out, or absent. */
export function connectIfUp(root: string, options?: ConnectOptions): Promise<ManagerConnection | undefined> {
  return unlessGone(async () => {
    const connection = await connect(root, options);
    const { manager } = await connection.status();
    return manager.state === 'running' ? connection : undefined;
  });
}

/** The error for a project whose lock is held by someone who does not answer. */
export async function heldFault({ root, record }: ProjectFiles): Promise<Error> {
  const holder = readRecord(record);
  const who = holder === undefined ? '' : ` (pid ${holder.pid})`;
  return fault('PB_MANAGER_RUNNING', `Another manager${who} holds ${root} and takes no commands.`, {
    hint: 'Wait until it has ended, or end it.',
  });
}

async function startFault(files: ProjectFiles, said: number, exitCode: number | null): Promise<Error> {
  const text = (await readFile(files.out)).subarray(said).toString('utf8').trim();
  const failure = failureIn(text);
  if (failure !== undefined) return rethrown(failure.error, failure.errors);
  return fault('PB_MANAGER_START', text || `The manager ended with exit code ${exitCode}.`, { details: { exitCode } });
}

/** What the manager itself says of its end, in its last line. */
function failureIn(text: string): Failure | undefined {
  try {
    const failure = JSON.parse(text.slice(text.lastIndexOf('\n') + 1)) as Partial<Failure> | null;
    return failure?.ok === false && failure.error !== undefined ? (failure as Failure) : undefined;
  } catch {
    return undefined;
  }
}
