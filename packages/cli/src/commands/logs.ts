import type { OutputLine } from '@promptbin/core';
import { connect, type ManagerConnection } from '../control/client.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { publicError } from '../fault.ts';
import { tameLine } from '../render/color.ts';
import { Gutter } from '../render/lines.ts';
import { projectRoot } from './connection.ts';
import type { Invocation } from './invocation.ts';
import { showFiles } from './log-files.ts';
import type { LogsOptions } from './options.ts';

/** Shows what processes have written, and goes on with what they write. Without a manager, what the files hold. */
export async function logs(options: LogsOptions, invocation: Invocation): Promise<ExitCode> {
  const root = projectRoot(invocation);
  let connection: ManagerConnection;
  try {
    connection = await connect(root);
  } catch (cause) {
    const isGone = publicError(cause).code === 'PB_MANAGER_GONE';
    if (isGone && (await showFiles(root, options, invocation)) && !options.follow) return exitCodes.done;
    throw cause;
  }
  await showLive(connection, options, invocation);
  return exitCodes.done;
}

async function showLive(connection: ManagerConnection, options: LogsOptions, invocation: Invocation): Promise<void> {
  const { out, json } = invocation;
  const known = (await connection.status()).processes.map(({ name }) => name);
  const names = options.name === undefined ? known : [options.name];
  const gutter = new Gutter(out.palette, names);
  const show = (line: OutputLine): void => {
    if (json) out.json(line);
    else out.line(options.name === undefined ? gutter.line(line) : tameLine(line.text, out.palette));
  };

  const pages = await Promise.all(names.map((name) => collect(connection.lines(name, { tail: options.lines }))));
  for (const line of pages.flat().sort((one, other) => one.at - other.at)) show(line);
  if (!options.follow) return;
  void out.gone.then(() => connection.close());
  await Promise.all(
    names.map(async (name, index) => {
      const after = pages[index]?.at(-1)?.seq ?? 0;
      for await (const line of connection.lines(name, { after, follow: true })) {
        show(line);
        await out.drained();
      }
    }),
  );
}

async function collect(lines: AsyncIterable<OutputLine>): Promise<readonly OutputLine[]> {
  const collected: OutputLine[] = [];
  for await (const line of lines) collected.push(line);
  return collected;
}
