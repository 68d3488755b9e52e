import { open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { findConfig } from '../control/project.ts';
import { fault, messageOf } from '../fault.ts';

/**
 * @throws PromptbinError `PB_INIT_EXISTS` when the folder has a config in any of the places where one is looked for
 */
export async function expectNoConfig(root: string): Promise<void> {
  const existing = findConfig(root);
  if (existing !== undefined) throw await existsFault(existing);
}

/**
 * Writes a file that is not there yet.
 *
 * @returns its path
 * @throws PromptbinError `PB_INIT_EXISTS`, `PB_PROJECT_UNWRITABLE`
 */
export async function writeConfig(root: string, name: string, text: string): Promise<string> {
  const file = join(root, name);
  try {
    // Fails when there is one by now, whoever made it, and does not follow a link.
    await using handle = await open(file, 'wx');
    await handle.writeFile(text);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') throw await existsFault(file);
    throw await fault('PB_PROJECT_UNWRITABLE', `The file ${file} cannot be written: ${messageOf(cause)}.`, {
      hint: 'Run promptbin as a user who may write to the project.',
      cause,
    });
  }
  return file;
}

async function existsFault(file: string): Promise<Error> {
  const where = basename(file) === 'package.json' ? `${file}, under the key "promptbin"` : file;
  return fault('PB_INIT_EXISTS', `There is a promptbin config already: ${where}.`, {
    hint: 'Change that one, or move it away first: init overwrites nothing.',
  });
}
