import type { EventEmitter } from 'node:events';
import { constants } from 'node:os';
import type { IPty } from '@lydell/node-pty';
import type { ChildSink, LaunchPlan, TerminalSize } from '../contract/runner.ts';
import { messageOf, PromptbinError } from '../errors/error.ts';
import { withAttributes, wordsOf } from './attributes.ts';
import { usualTerm } from './env.ts';
import { signalChild } from './kill.ts';
import type { Child, Exit } from './leader.ts';
import { PtyScreen } from './pty-screen.ts';
import { explainSpawnFault, foreseeSpawnFault } from './spawn-fault.ts';

/** Until somebody attaches. */
const usualSize: TerminalSize = { columns: 80, rows: 24 };

type Library = Pick<typeof import('@lydell/node-pty'), 'spawn'>;

let library: Library | undefined;

/**
 * To be awaited before the first `spawnPty`: only who has processes in a terminal needs the library, and it is an optional one.
 *
 * @throws PromptbinError `PB_TTY_UNAVAILABLE`
 */
export async function loadPty(load: () => Promise<Library> = () => import('@lydell/node-pty')): Promise<void> {
  if (library !== undefined) return;
  try {
    library = await load();
  } catch (cause) {
    throw new PromptbinError(
      'PB_TTY_UNAVAILABLE',
      `A process with "tty" needs the package @lydell/node-pty: ${messageOf(cause)}.`,
      {
        hint: 'Install it beside promptbin: npm install @lydell/node-pty. It is there for Linux, macOS and Windows, on x64 and arm64.',
        cause,
      },
    );
  }
}

/**
 * Starts the leader in a pseudo terminal, which is that of its session.
 *
 * @throws PromptbinError `PB_SPAWN_FAILED`
 */
export function spawnPty(plan: LaunchPlan, sink: Pick<ChildSink, 'output'>): Child {
  const pty = open(plan);
  // The types know of text alone; without an encoding it is bytes, both ways.
  const screen = new PtyScreen({
    write: (data) => pty.write(Buffer.from(data) as unknown as string),
    resize: (columns, rows) => pty.resize(columns, rows),
  });
  const exited = Promise.withResolvers<Exit>();
  let alive = true;
  pty.onData((data) => {
    const chunk = data as unknown as Uint8Array;
    sink.output('out', chunk);
    screen.show(chunk);
  });
  // Told when what the leader has written was read.
  pty.onExit(({ exitCode, signal }) => {
    alive = false;
    screen.end();
    exited.resolve(signal ? { code: null, signal: nameOf(signal) } : { code: exitCode, signal: null });
  });
  return {
    pid: pty.pid,
    get alive() {
      return alive;
    },
    input: {
      write: async (text) => screen.write(Buffer.from(text)),
    },
    terminal: screen,
    signal: (signal) => alive && signalChild(pty.pid, signal),
    exited: exited.promise,
    drain: () => Promise.resolve(),
    // The library does so itself soon after the exit of the leader.
    closePipes: () => {},
  };
}

function open(plan: LaunchPlan): IPty {
  // In a terminal, what is in the way would be said on it by a child that then exits.
  const fault = foreseeSpawnFault(plan);
  if (fault !== undefined) throw fault;
  const { name: process, cwd, env, notifyFd } = plan;
  if (notifyFd !== undefined) {
    const message = `"${process}" runs in a terminal, and gets no other descriptor, such as ${notifyFd} for its notices`;
    throw new PromptbinError('PB_SPAWN_FAILED', message, { process, hint: 'Take "tty" out of its config.' });
  }
  const [file, ...words] = withAttributes(plan, false) ?? wordsOf(plan);
  const { TERM: name = usualTerm } = env;
  const size = { cols: usualSize.columns, rows: usualSize.rows };
  try {
    if (library === undefined) throw new Error('the library of terminals is not loaded');
    const pty = library.spawn(file, words, { name, ...size, cwd, env: { ...env, TERM: name }, encoding: null });
    // It throws a fault of its descriptor where nobody can catch it unless two listen.
    const faults = pty as unknown as EventEmitter;
    for (let listeners = 0; listeners < 2; listeners += 1) faults.on('error', () => {});
    return pty;
  } catch (cause) {
    throw explainSpawnFault(plan, cause);
  }
}

function nameOf(signal: number): NodeJS.Signals {
  const [name = 'SIGKILL'] = Object.entries(constants.signals).find(([, number]) => number === signal) ?? [];
  return name as NodeJS.Signals;
}
