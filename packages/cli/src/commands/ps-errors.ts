import type { GetResult } from '@promptbin/core';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { tameLine } from '../render/color.ts';
import { renderTable } from '../render/table.ts';
import { clockTime } from '../render/time.ts';
import { ask } from './call.ts';
import { connectToProject } from './connection.ts';
import type { Invocation } from './invocation.ts';

/** Shows which errors each process has written in its last run: each kind once, with how often and when. */
export async function psErrors(invocation: Invocation): Promise<ExitCode> {
  const { json, out } = invocation;
  const connection = await connectToProject(invocation);
  const { processes } = await connection.status();
  const all = await Promise.all(
    processes.map(async ({ name }) => {
      const { errors = [] } = await ask<GetResult>(connection, 'process.get', { name });
      return { name, errors };
    }),
  );
  if (json) {
    out.json({ version: 1, ok: true, processes: all });
    return exitCodes.done;
  }
  const { palette, columns } = out;
  const rows = all.flatMap(({ name, errors }) =>
    errors.map(({ count, firstAt, lastAt, message }) => [
      palette.bold(name),
      palette.red(`${count}×`),
      clockTime(firstAt),
      clockTime(lastAt),
      tameLine(message.replaceAll(/\s*\n\s*/g, ' '), palette),
    ]),
  );
  if (rows.length === 0) out.line('No process has written an error.');
  else for (const line of renderTable([['NAME', 'COUNT', 'FIRST', 'LAST', 'ERROR'], ...rows], columns)) out.line(line);
  return exitCodes.done;
}
