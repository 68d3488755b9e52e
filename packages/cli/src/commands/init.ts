import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { findConfig, findRoot } from '../control/project.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { fault } from '../fault.ts';
import { detect } from '../init/detect.ts';
import { draftConfig, oneLine } from '../init/draft.ts';
import type { Skipped } from '../init/folder.ts';
import { type Rendered, renderDraft } from '../init/format.ts';
import { type Named, nameAll } from '../init/naming.ts';
import { expectNoConfig, writeConfig } from '../init/write.ts';
import type { Screen } from '../render/screen.ts';
import { renderTable } from '../render/table.ts';
import type { Invocation } from './invocation.ts';
import type { InitOptions } from './options.ts';

interface Outcome {
  readonly root: string;
  readonly processes: readonly Named[];
  readonly skipped: readonly Skipped[];
  readonly rendered: Rendered;
}

/** Writes a config for what the folder holds. Asks nothing and overwrites nothing. */
export async function init({ format }: InitOptions, invocation: Invocation): Promise<ExitCode> {
  const root = await folderOf(invocation);
  await expectNoConfig(root);
  const hidden = configsAbove(root);
  const { candidates, suggestions, skipped } = detect(root);
  const processes = nameAll(candidates);
  const rendered = renderDraft(draftConfig(processes, suggestions), root, format);
  const file = await writeConfig(root, rendered.file, rendered.text);
  const offered = suggestions.map(({ name, file, because }) => ({ path: `${file}: ${name}`, because }));
  const outcome = { root, processes, rendered, skipped: [...skipped, ...offered, ...hidden] };
  if (invocation.json) invocation.out.json({ version: 1, file, ...forPrograms(outcome) });
  else show(invocation.out, outcome);
  return exitCodes.done;
}

/** @throws PromptbinError `PB_COMMAND_INPUT`, `PB_PROJECT_UNWRITABLE` */
async function folderOf({ project = '.', config }: Invocation): Promise<string> {
  if (config !== undefined) {
    throw await fault('PB_COMMAND_INPUT', `init names its file itself and cannot write ${config}.`, {
      hint: 'Choose the folder with --project and the format with --format.',
    });
  }
  const root = resolve(project);
  if (statSync(root, { throwIfNoEntry: false })?.isDirectory()) return root;
  throw await fault('PB_PROJECT_UNWRITABLE', `There is no folder ${root}.`, { hint: 'Name one that exists.' });
}

/** A config that commands in this folder have found until now. */
function configsAbove(root: string): readonly Skipped[] {
  const above = findRoot({ project: root });
  const file = above === undefined ? undefined : findConfig(above);
  return file === undefined ? [] : [{ path: file, because: 'is no longer what commands find from this folder' }];
}

function forPrograms({ processes, skipped }: Outcome): object {
  return { detected: processes.map(({ name, kind, because }) => ({ name, kind, because })), skipped };
}

function show(out: Screen, { root, processes, skipped, rendered }: Outcome): void {
  const { palette } = out;
  const rows = (cells: readonly (readonly string[])[]): void => {
    for (const row of renderTable(cells.map((row) => row.map(oneLine)))) out.note(`  ${row}`);
  };
  if (processes.length === 0) out.note(`Nothing was recognised in ${root}: the config holds an example to change.`);
  else out.note(`Found in ${root}:`);
  rows(processes.map(({ name, kind, because }) => [name, kind, because]));
  if (skipped.length > 0) out.note('Not taken:');
  rows(skipped.map(({ path, because }) => [path, because]));
  out.note(`${palette.green('Wrote')} ${rendered.file} (${rendered.because}).`);
  out.note(`Next: ${palette.bold('promptbin up')}`);
}
