import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { goneFault } from '../control/client.ts';
import { projectFiles } from '../control/project.ts';
import { tameLine } from '../render/color.ts';
import { Gutter } from '../render/lines.ts';
import type { Invocation } from './invocation.ts';
import { type LogFilter, usualLines } from './log-filter.ts';
import type { LogsOptions } from './options.ts';

/** What a manager writes about itself, not about a process. */
const ownLog = 'promptbin';
/** How much of the end of a file is looked at. */
const readBytes = 1024 * 1024;

/**
 * Shows what the files of a project hold while there is no manager. Gives false when there is no file to show.
 *
 * @throws PromptbinError `PB_MANAGER_GONE` when it was asked for times, which only a manager knows
 */
export async function showFiles(
  root: string,
  { names: wanted, lines: most = usualLines, since, until }: LogsOptions,
  filter: LogFilter,
  { json, out }: Invocation,
): Promise<boolean> {
  const { logs } = projectFiles(root);
  const files = await readdir(logs).catch(() => []);
  const known = files.filter((file) => file.endsWith('.log')).map((file) => file.slice(0, -'.log'.length));
  const names = known.filter((name) => (wanted.length === 0 ? name !== ownLog : wanted.includes(name))).sort();
  if (names.length > 0 && (since ?? until) !== undefined) throw await goneFault(root);
  const gutter = new Gutter(out.palette, names);
  for (const name of names) {
    const fits = filter.forProcess();
    const lines = await lastLines(join(logs, `${name}.log`));
    // Neither a file says.
    const fitting = lines.filter((text) => fits({ text, at: 0, stream: 'out', generation: 1 }));
    for (const text of fitting.slice(Math.max(0, fitting.length - most))) {
      if (json) out.json({ name, text });
      else out.line(wanted.length === 1 ? tameLine(text, out.palette) : gutter.line({ name, text }));
    }
  }
  return names.length > 0;
}

/** The lines at the end of a file, of its last MiB. */
export async function lastLines(file: string): Promise<readonly string[]> {
  await using handle = await open(file);
  const { size } = await handle.stat();
  if (size === 0) return [];
  const start = Math.max(0, size - readBytes);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
  const lines = buffer.toString('utf8', 0, bytesRead).replace(/\n$/, '').split('\n');
  // Unless the file was read from its beginning, the first line is a part of one.
  return start > 0 ? lines.slice(1) : lines;
}
