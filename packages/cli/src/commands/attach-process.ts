import type { ReadStream } from 'node:tty';
import { type ManagerConnection, unlessGone } from '../control/client.ts';
import { DetachKeys, parseKeys } from '../control/detach-keys.ts';
import { listProcesses } from '../control/settle.ts';
import { abortWhenUnwanted } from '../control/signals.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { fault } from '../fault.ts';
import { TerminalModes } from '../render/terminal-modes.ts';
import { connectToProject } from './connection.ts';
import type { Invocation } from './invocation.ts';

export interface AttachOptions {
  /** Such as `ctrl-p,ctrl-q`. */
  readonly detachKeys: string;
}

/** Connects this terminal with that of a process, until some keys are typed or its run has ended. Nothing ends the process. */
export async function attachProcess(
  name: string,
  { detachKeys }: AttachOptions,
  invocation: Invocation,
): Promise<ExitCode> {
  const { out, err } = invocation;
  const { stdin } = process;
  if (!stdin.isTTY || out.rows === undefined) {
    throw await fault('PB_COMMAND_INPUT', '`attach` needs a terminal.', {
      hint: `In a pipe: promptbin logs -f ${name}, and promptbin send ${name} TEXT`,
    });
  }
  const keys = new DetachKeys(await parseKeys(detachKeys));
  const connection = await connectToProject(invocation);
  using terminal = await connection.terminal(name);
  err.note(`Attached to ${name}; ${detachKeys.replaceAll(',', ' ')} detaches.`);
  const detached = new AbortController();
  abortWhenUnwanted(detached, out);
  const modes = new TerminalModes();
  using _view = terminal.view((chunk) => {
    modes.see(chunk);
    out.write(Buffer.from(chunk));
  });
  const resize = (): void => terminal.resize({ columns: out.columns ?? 80, rows: out.rows ?? 24 });
  resize();
  process.stdout.on('resize', resize);
  const untilDetached = new Promise<void>((resolve) => detached.signal.addEventListener('abort', () => resolve()));
  {
    using _typing = type(stdin, (typed) => {
      const passed = keys.push(typed);
      if (passed === undefined) detached.abort();
      else terminal.write(passed);
    });
    await Promise.race([terminal.ended, untilDetached]);
  }
  process.stdout.off('resize', resize);
  out.write(modes.undo());
  err.note(detached.signal.aborted ? `\nDetached; ${name} goes on.` : `\n${await endOf(name, connection)}`);
  return exitCodes.done;
}

/** Every byte that is typed, as it is, until it is disposed of. */
function type(stdin: ReadStream, heard: (typed: Uint8Array) => void): Disposable {
  stdin.setRawMode(true);
  stdin.on('data', heard).resume();
  return {
    [Symbol.dispose]() {
      stdin.off('data', heard).pause();
      stdin.setRawMode(false);
    },
  };
}

async function endOf(name: string, connection: ManagerConnection): Promise<string> {
  const list = await unlessGone(() => listProcesses(connection));
  const view = list?.processes.find((one) => one.name === name);
  if (view === undefined) return 'The manager has ended.';
  const { summarize } = await import('@promptbin/core/words');
  return summarize(view);
}
