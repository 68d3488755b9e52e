import { readFile } from 'node:fs/promises';
import { writeFileAtomic } from '@promptbin/core';
import * as z from 'zod';

/** What is on disk. Names of processes. */
export interface Remembered {
  /** Stopped on request, and not started since. */
  readonly stopped: readonly string[];
  /** The manager that has written this. */
  readonly manager: string;
  /** What it has left down when it came up. */
  readonly leftDown: readonly string[];
}

export const nothing: Remembered = { stopped: [], manager: '', leftDown: [] };

const names = z.array(z.string());
const schema: z.ZodType<Remembered> = z.object({ stopped: names, manager: z.string(), leftDown: names });

/** Never rejects: what cannot be read is told by `fault`, and nothing is remembered. */
export async function readRemembered(file: string): Promise<Remembered & { readonly fault?: string }> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return nothing;
    const why = fault instanceof z.ZodError || fault instanceof SyntaxError ? 'its content is damaged' : String(fault);
    return { ...nothing, fault: `${file} cannot be read, and who was stopped is forgotten: ${why}` };
  }
}

/** Rejects when it cannot be written. */
export async function writeRemembered(file: string, remembered: Remembered): Promise<void> {
  await writeFileAtomic(file, `${JSON.stringify(remembered, null, 2)}\n`);
}
