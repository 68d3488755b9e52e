import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import type { ForeignCode } from '../exit-codes.ts';
import { fault } from '../fault.ts';
import { connectToProject } from './connection.ts';
import type { Invocation } from './invocation.ts';

/** As shells have it. */
const notFound = 127;
const notExecutable = 126;
const bySignal = 128;

/** Of the terminal, which is that of whoever types and not that of the manager. */
const ofTerminal = ['TERM', 'COLORTERM', 'NO_COLOR', 'FORCE_COLOR', 'LINES', 'COLUMNS'];

/**
 * Runs a program in the environment and the folder of a process that is up, on this terminal. It is none of the manager's: it goes on
 * when the process ends. Resolves with its exit code, as a shell tells it.
 */
export async function exec(
  name: string,
  [command = '', ...args]: readonly string[],
  invocation: Invocation,
): Promise<ForeignCode> {
  const connection = await connectToProject(invocation);
  const { cwd, env } = await connection.surroundings(name);
  connection.close();
  const own = ofTerminal.map((key) => [key, process.env[key]] as const);
  const child = spawn(command, args, { cwd, env: { ...env, ...Object.fromEntries(own) }, stdio: 'inherit' });
  // The terminal sends Ctrl-C to both of us, and it is for the program; what else ends us is passed on.
  const ignore = (): void => {};
  const passOn = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGINT', ignore).on('SIGTERM', passOn).on('SIGHUP', passOn);
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    return code ?? bySignal + (signal === null ? 0 : constants.signals[signal]);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EACCES') {
      const why = code === 'ENOENT' ? 'was not found' : 'may not be executed';
      invocation.err.line(`error: ${JSON.stringify(command)} ${why}, with the PATH of ${name} and in ${cwd}.`);
      return code === 'ENOENT' ? notFound : notExecutable;
    }
    throw await fault('PB_SPAWN_FAILED', `Cannot run ${JSON.stringify(command)}: ${String(cause)}.`, { cause });
  } finally {
    process.off('SIGINT', ignore).off('SIGTERM', passOn).off('SIGHUP', passOn);
  }
}
