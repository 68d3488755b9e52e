import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { fault, messageOf } from '../fault.ts';
import { collect } from '../report/collect.ts';
import type { Invocation } from './invocation.ts';

/** Writes down all that tells how the project is, for a bug report. `-` is stdout. */
export async function report(output: string | undefined, invocation: Invocation): Promise<ExitCode> {
  const { json, out, err } = invocation;
  const collected = `${JSON.stringify(await collect(invocation), null, 2)}\n`;
  if (output === '-') {
    out.write(collected);
    return exitCodes.done;
  }
  const file = resolve(output ?? `promptbin-report-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.json`);
  // What was there is somebody's.
  await writeFile(file, collected, { flag: 'wx', mode: 0o600 }).catch(async (cause: unknown) => {
    throw await fault('PB_COMMAND_INPUT', `${file} cannot be written: ${messageOf(cause)}.`, {
      hint: 'Name another file with --output.',
    });
  });
  if (json) out.json({ version: 1, ok: true, file, bytes: Buffer.byteLength(collected) });
  else {
    out.line(file);
    err.note('Secrets that promptbin knows of are hidden in it. Look through it before you send it to anybody.');
  }
  return exitCodes.done;
}
