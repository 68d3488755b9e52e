import { channel } from 'node:diagnostics_channel';
import type { Readable, Writable } from 'node:stream';
import { setImmediate as nextIteration } from 'node:timers/promises';
import { execa } from 'execa';
import type { Clock } from '../contract/clock.ts';
import type { ChildSink, LaunchPlan } from '../contract/runner.ts';
import { PromptbinError } from '../errors/error.ts';
import { handoffFd, withAttributes } from './attributes.ts';
import { ChildInput } from './input.ts';
import { signalChild } from './kill.ts';
import type { Child, Exit } from './leader.ts';
import { NoticeReader } from './notices.ts';
import { spawnPty } from './pty.ts';
import { explainSpawnFault, foreseeSpawnFault } from './spawn-fault.ts';

/** Any descriptor will do as an output; the types of execa know of the standard ones alone. */
type Output = 'pipe' | 1;
type Stdio = ['ignore' | 'pipe', Output, Output, ...('ignore' | Output)[]];

/** How long what the leader wrote is read after its exit, at most, ms. */
const drainMs = 500;

// Why a spawn failed is told by an event of a later tick; this channel tells it at once.
const spawnFaults = channel('tracing:child_process.spawn:error');

/**
 * Starts the leader, in a session of its own.
 *
 * @throws PromptbinError PB_SPAWN_FAILED; its `details.causeCode` says of which kind
 */
export function spawnChild(
  plan: LaunchPlan,
  sink: Pick<ChildSink, 'log' | 'socket' | 'output' | 'notified'>,
  clock: Clock,
): Child {
  if (plan.tty) return spawnPty(plan, sink);
  const { pid, stdin, outputs, notices, nodeChildProcess } = start(plan, sink);
  const streams = [...outputs.values(), ...notices];
  const input = stdin === undefined ? undefined : new ChildInput(stdin, plan.name, clock);
  const exited = Promise.withResolvers<Exit>();
  let alive = true;
  let chunks = 0;

  const listen = (stream: Readable, hear: (chunk: Uint8Array) => void): void => {
    stream.on('data', (chunk: Uint8Array) => {
      chunks += 1;
      hear(chunk);
    });
  };
  for (const [name, stream] of outputs) listen(stream, (chunk) => sink.output(name, chunk));
  const reader = new NoticeReader((text) => sink.notified(text));
  for (const stream of notices) listen(stream, (chunk) => reader.push(chunk));

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
    ...(input && { input }),
    signal: (signal) => alive && signalChild(pid, signal),
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
      input?.close();
      for (const stream of streams) stream.destroy();
    },
  };
}

function isOpen(stream: Readable): boolean {
  return !stream.readableEnded && !stream.destroyed;
}

type Descriptors = Pick<ChildSink, 'log' | 'socket'>;

/** From 3 on, what is ignored is closed in the child. */
function stdioOf({ stdin, notifyFd }: LaunchPlan, { log, socket }: Descriptors): Stdio {
  const output = (log ?? 'pipe') as Output;
  const stdio: Stdio = [stdin ?? 'ignore', output, output, ...(socket === undefined ? [] : [socket as Output])];
  if (notifyFd === undefined) return stdio;
  return [...stdio, ...Array<'ignore'>(notifyFd - stdio.length).fill('ignore'), 'pipe'];
}

/**
 * The command line, with what comes before it. What would be in the way of the command itself has to be found out before: it would be said by what comes before it.
 *
 * @throws PromptbinError `PB_SPAWN_FAILED`
 */
function commandLineOf(plan: LaunchPlan, { socket }: Descriptors): Pick<LaunchPlan, 'command' | 'args' | 'shell'> {
  const { name: process, notifyFd } = plan;
  if (socket !== undefined && notifyFd === handoffFd) {
    const message = `descriptor ${handoffFd} is the socket that "${process}" is handed, and cannot be the one for its notices`;
    throw new PromptbinError('PB_SPAWN_FAILED', message, {
      process,
      hint: 'Choose another descriptor for the notices.',
    });
  }
  const [command, ...args] = withAttributes(plan, socket !== undefined) ?? [];
  if (command === undefined) return plan;
  const fault = foreseeSpawnFault(plan);
  if (fault !== undefined) throw fault;
  return { command, args, shell: false };
}

interface Started {
  readonly pid: number;
  readonly stdin: Writable | undefined;
  /** Those that are pipes. */
  readonly outputs: ReadonlyMap<'out' | 'err', Readable>;
  /** The notification pipe, if there is to be one. */
  readonly notices: readonly Readable[];
  readonly nodeChildProcess: NodeJS.EventEmitter;
}

function start(plan: LaunchPlan, descriptors: Descriptors): Started {
  const { command, args, shell } = commandLineOf(plan, descriptors);
  let fault: unknown;
  const note = (message: unknown): void => {
    fault = (message as { error: unknown }).error;
  };
  spawnFaults.subscribe(note);
  try {
    const subprocess = execa(command, args, {
      cwd: plan.cwd,
      env: plan.env,
      extendEnv: false,
      shell,
      detached: true,
      cleanup: false,
      stdio: stdioOf(plan, descriptors),
      encoding: 'buffer',
      buffer: false,
      // It settles when the pipes close: too late to be of use, and it must not be a rejection that nobody handles.
      reject: false,
    });
    const { pid, stdout, stderr, nodeChildProcess } = subprocess;
    const outputs = new Map<'out' | 'err', Readable>();
    if (stdout !== null && stdout !== undefined) outputs.set('out', stdout);
    if (stderr !== null && stderr !== undefined) outputs.set('err', stderr);
    const stdin = plan.stdin === undefined ? undefined : (subprocess.stdin ?? undefined);
    const notices = plan.notifyFd === undefined ? [] : [subprocess.stdio[plan.notifyFd] as Readable];
    if (pid !== undefined) return { pid, stdin, outputs, notices, nodeChildProcess };
  } catch (thrown) {
    fault = thrown;
  } finally {
    spawnFaults.unsubscribe(note);
  }
  throw explainSpawnFault(plan, fault);
}
