import { channel } from 'node:diagnostics_channel';
import type { Readable } from 'node:stream';
import { setImmediate as nextIteration } from 'node:timers/promises';
import { execa } from 'execa';
import type { Clock } from '../contract/clock.ts';
import type { ChildSink, LaunchPlan } from '../contract/runner.ts';
import { explainSpawnFault } from './spawn-fault.ts';

/** How long what the leader wrote is read after its exit, at most, ms. */
const drainMs = 500;

// Why a spawn failed is told by an event of a later tick; this channel tells it at once.
const spawnFaults = channel('tracing:child_process.spawn:error');

/** The leader of a process group and its two pipes. */
export interface Child {
  readonly pid: number;
  readonly alive: boolean;
  /** Resolves as soon as the leader has exited. */
  readonly exited: Promise<Exit>;
  /** Resolves when what a leader that has exited wrote before has been passed on, at most 500 ms later. */
  drain(): Promise<void>;
  /** Ends capture, whoever still holds the other ends. */
  closePipes(): void;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * Starts the leader, in a session of its own.
 *
 * @throws PromptbinError PB_SPAWN_FAILED; its `details.causeCode` says of which kind
 */
export function spawnChild(plan: LaunchPlan, output: ChildSink['output'], clock: Clock): Child {
  const { pid, stdout, stderr, nodeChildProcess } = start(plan);
  const streams = [stdout, stderr];
  const exited = Promise.withResolvers<Exit>();
  let alive = true;
  let chunks = 0;

  const listen = (stream: Readable, name: 'out' | 'err'): void => {
    stream.on('data', (chunk: Uint8Array) => {
      chunks += 1;
      output(name, chunk);
    });
  };
  listen(stdout, 'out');
  listen(stderr, 'err');

  // `exit`, not `close`: a grandchild may hold the pipes for hours.
  nodeChildProcess.once('exit', (code: number | null, signal: NodeJS.Signals | null) => {
    alive = false;
    exited.resolve({ code, signal });
  });

  return {
    pid,
    get alive() {
      return alive;
    },
    exited: exited.promise,
    // All that the leader wrote is in the pipes by now, and every iteration of the event loop reads what is there. The
    // first round may come before any reading; two more without data say that nothing is left.
    async drain() {
      const deadline = clock.now() + drainMs;
      let quietRounds = 0;
      while (quietRounds < 3 && streams.some(isOpen) && clock.now() < deadline) {
        const before = chunks;
        await nextIteration();
        quietRounds = chunks === before ? quietRounds + 1 : 0;
      }
    },
    closePipes: () => {
      for (const stream of streams) stream.destroy();
    },
  };
}

function isOpen(stream: Readable): boolean {
  return !stream.readableEnded && !stream.destroyed;
}

interface Started {
  readonly pid: number;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly nodeChildProcess: NodeJS.EventEmitter;
}

function start(plan: LaunchPlan): Started {
  let fault: unknown;
  const note = (message: unknown): void => {
    fault = (message as { error: unknown }).error;
  };
  spawnFaults.subscribe(note);
  try {
    const subprocess = execa(plan.command, plan.args, {
      cwd: plan.cwd,
      env: plan.env,
      extendEnv: false,
      shell: plan.shell,
      detached: true,
      cleanup: false,
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'pipe',
      encoding: 'buffer',
      buffer: false,
      // It settles when the pipes close: too late to be of use, and it must not be a rejection that nobody handles.
      reject: false,
    });
    const { pid, stdout, stderr, nodeChildProcess } = subprocess;
    if (pid !== undefined) return { pid, stdout, stderr, nodeChildProcess };
  } catch (thrown) {
    fault = thrown;
  } finally {
    spawnFaults.unsubscribe(note);
  }
  throw explainSpawnFault(plan, fault);
}
