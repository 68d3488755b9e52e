import { chmod, mkdir, mkdtemp, realpath, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import { detect } from '../../src/init/detect.ts';
import { draftConfig } from '../../src/init/draft.ts';
import { type Format, type Rendered, renderDraft } from '../../src/init/format.ts';
import { nameAll } from '../../src/init/naming.ts';
import { Project } from '../project.ts';

/** A project that holds `files` and nothing else; it goes after the test. Files in `bin` can be run. */
export async function folder(files: Readonly<Record<string, string>>): Promise<Project> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'promptbin-')));
  const project = new Project(root);
  onTestFinished(() => project[Symbol.asyncDispose]());
  await mkdir(join(root, '.git'));
  for (const [name, text] of Object.entries(files)) {
    const file = join(root, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    if (/(^|\/)bin\//.test(name)) await chmod(file, 0o755);
  }
  return project;
}

/** As if the packages had been installed there. */
export async function installPackages({ root }: Project, ...names: readonly string[]): Promise<void> {
  await mkdir(join(root, 'node_modules/@promptbin'), { recursive: true });
  for (const name of names) {
    const source = fileURLToPath(new URL(`../../../${name}`, import.meta.url));
    await symlink(source, join(root, 'node_modules/@promptbin', name));
  }
}

/** What init would write, without the command around it. */
export function render({ root }: Project, format?: Format): Rendered {
  const { candidates, suggestions } = detect(root);
  return renderDraft(draftConfig(nameAll(candidates), suggestions), root, format);
}

/** The processes of what init would write in YAML, without plugins and head. */
export function processesOf(project: Project): string {
  const { text } = render(project, 'yaml');
  return text.slice(text.indexOf('processes:\n') + 'processes:\n'.length).replaceAll(/^ {2}/gm, '');
}

/** Writes the config by the real command and lets the real command check it. */
export async function expectValid(project: Project, ...args: readonly string[]): Promise<void> {
  const written = await project.run('init', ...args);
  expect(written).toMatchObject({ code: 0, stderr: '' });
  expect(await project.run('config', 'check')).toMatchObject({ code: 0, stderr: '' });
}
