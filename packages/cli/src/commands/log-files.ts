import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { goneFault } from '../control/client.ts';
import { projectFiles } from '../control/project.ts';
import { tameLine } from '../render/color.ts';
import { Gutter } from '../render/lines.ts';
import { mergeByTime } from '../render/merge.ts';
import type { Invocation } from './invocation.ts';
import { type LogFilter, usualLines } from './log-filter.ts';
import { type FileLine, lastLines } from './log-tail.ts';
import type { LogsOptions } from './options.ts';

/** What a manager writes about itself, not about a process. */
const ownLog = 'promptbin';

/**
 * Shows what the files of a project hold while there is no manager: each by itself, or in the order of time where all are records.
 * Gives false when there is no file to show.
 *
 * @throws PromptbinError `PB_MANAGER_GONE` when it was asked for times, which files without records do not tell
 */
export async function showFiles(
  root: string,
  options: LogsOptions,
  filter: LogFilter,
  { json, out }: Invocation,
): Promise<boolean> {
  const { names: wanted, lines: given, since, until } = options;
  const most = given ?? (since === undefined ? usualLines : Number.POSITIVE_INFINITY);
  const names = await logged(root, wanted);
  const all = await Promise.all(names.map((name) => read(root, name)));
  const isTimed = all.every((lines) => lines.every(({ at }) => at !== undefined));
  if (names.length > 0 && !isTimed && (since ?? until) !== undefined) throw await goneFault(root);
  const shown = all.map((lines) => {
    const fits = filter.forProcess();
    // What a file does not say.
    const fitting = lines.filter((line) => fits({ at: 0, stream: 'out', generation: 1, ...line }));
    return fitting.slice(Math.max(0, fitting.length - most));
  });
  const gutter = new Gutter(out.palette, names);
  for (const line of isTimed ? mergeByTime(shown.map(timed)) : shown.flat()) {
    if (json) out.json(line);
    else out.line(wanted.length === 1 ? tameLine(line.text, out.palette) : gutter.line(line));
  }
  return names.length > 0;
}

/** The processes that have a log, of those that are wanted. */
export async function logged(root: string, wanted: readonly string[]): Promise<readonly string[]> {
  const files = await readdir(projectFiles(root).logs).catch(() => []);
  const known = files.filter((file) => file.endsWith('.log')).map((file) => file.slice(0, -'.log'.length));
  return known.filter((name) => (wanted.length === 0 ? name !== ownLog : wanted.includes(name))).sort();
}

type NamedLine = FileLine & { readonly name: string };

async function read(root: string, name: string): Promise<readonly NamedLine[]> {
  const lines = await lastLines(join(projectFiles(root).logs, `${name}.log`));
  return lines.map((line) => ({ name, ...line }));
}

function timed(lines: readonly NamedLine[]): readonly (NamedLine & { readonly at: number })[] {
  return lines.map((line) => ({ ...line, at: line.at ?? 0 }));
}
