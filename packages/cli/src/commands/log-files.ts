import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { projectFiles } from '../control/project.ts';
import { tameLine } from '../render/color.ts';
import { Gutter } from '../render/lines.ts';
import type { Invocation } from './invocation.ts';
import type { LogsOptions } from './options.ts';

/** What a manager writes about itself, not about a process. */
const ownLog = 'promptbin';
/** How much of the end of a file is looked at. */
const readBytes = 1024 * 1024;

/** Shows what the files of a project hold while there is no manager. Gives false when there is no file to show. */
export async function showFiles(root: string, options: LogsOptions, { json, out }: Invocation): Promise<boolean> {
  const { logs } = projectFiles(root);
  const files = await readdir(logs).catch(() => []);
  const known = files.filter((file) => file.endsWith('.log')).map((file) => file.slice(0, -'.log'.length));
  const names = known.filter((name) => (options.name === undefined ? name !== ownLog : name === options.name)).sort();
  const gutter = new Gutter(out.palette, names);
  for (const name of names) {
    for (const text of await lastLines(join(logs, `${name}.log`), options.lines)) {
      if (json) out.json({ name, text });
      else out.line(options.name === undefined ? gutter.line({ name, text }) : tameLine(text, out.palette));
    }
  }
  return names.length > 0;
}

async function lastLines(file: string, count: number): Promise<readonly string[]> {
  await using handle = await open(file);
  const { size } = await handle.stat();
  const start = Math.max(0, size - readBytes);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
  const lines = buffer.toString('utf8', 0, bytesRead).replace(/\n$/, '').split('\n');
  // Unless the file was read from its beginning, the first line is a part of one.
  const whole = start > 0 ? lines.slice(1) : lines;
  return size === 0 ? [] : whole.slice(-count);
}
