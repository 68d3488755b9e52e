import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { envFilesOf, inspectConfig, loadConfig, PromptbinError } from '@promptbin/core';
import { configPage } from './config-page.ts';
import type { Page } from './docs.ts';

interface Block {
  /** `json`, `yaml` or `ts`, and the name of the file when it is there for another block. */
  readonly language: string;
  readonly file: string | undefined;
  readonly code: string;
}

/**
 * Loads and resolves every config in the pages, as promptbin does.
 *
 * @param folder for the configs; it may be anywhere
 * @returns what is wrong with them, one mistake per line
 */
export async function findExampleMistakes(root: string, folder: string, pages: readonly Page[]): Promise<string[]> {
  const packages = join(folder, 'node_modules', '@promptbin');
  await mkdir(packages, { recursive: true });
  for (const name of ['core', 'plugin-fswatch', 'plugin-health', 'plugin-mcp', 'plugin-restart']) {
    await symlink(join(root, 'packages', name), join(packages, name));
  }
  const mistakes: string[] = [];
  for (const { file, text } of pages) {
    const blocks = blocksOf(text);
    const beside = blocks.filter((block) => block.file !== undefined);
    for (const [index, block] of blocks.entries()) {
      const place = `${file}, example ${index + 1}`;
      if (block.file !== undefined) continue;
      if (!isConfig(block)) {
        if (file === configPage && block.language !== 'ts') mistakes.push(`${place}: is no config`);
        continue;
      }
      const project = join(folder, `${file.replaceAll('/', '-')}-${index + 1}`);
      await mkdir(project);
      for (const other of beside) await writeFile(join(project, other.file ?? ''), other.code);
      await writeFile(join(project, `promptbin.config.${block.language}`), block.code);
      await resolveExample(project).catch((fault) => mistakes.push(`${place}: ${textOf(fault)}`));
    }
  }
  return mistakes;
}

async function resolveExample(project: string): Promise<void> {
  const loaded = await loadConfig({ from: project });
  for (const file of envFilesOf(loaded.config, loaded.root)) await writeFile(file, '');
  await inspectConfig(loaded);
}

function isConfig({ language, code }: Block): boolean {
  return language === 'ts' ? code.includes('export default defineConfig(') : /^\s*"?processes"?:/m.test(code);
}

function blocksOf(text: string): readonly Block[] {
  return [...text.matchAll(/^```(json|yaml|ts)(?: (\S+))?\n([\s\S]*?)^```$/gm)].map(
    ([, language = '', file, code = '']) => ({ language, file, code }),
  );
}

function textOf(fault: unknown): string {
  if (PromptbinError.is(fault)) return [fault.message, fault.hint].filter(Boolean).join(' ');
  return fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
}
