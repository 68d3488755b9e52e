import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, relative } from 'node:path';
import type { ConfigLayer } from '../contract/config-source.ts';
import { messageOf } from '../errors/error.ts';
import type { ModuleContext } from './formats/module.ts';
import { formatOf } from './formats/names.ts';
import { type Reading, UnreadableText } from './formats/reading.ts';
import { isPlainObject } from './path.ts';
import { treeFaults } from './tree.ts';
import { unreadable } from './unreadable.ts';

export interface LayerContext extends ModuleContext {
  /** The folder of the config that the user has named. */
  readonly root: string;
}

/** A layer, and the files that were read for it. */
export interface LayerFile {
  readonly layer: ConfigLayer & { readonly file: string; readonly value: Readonly<Record<string, unknown>> };
  readonly files: readonly string[];
}

/**
 * Reads one file of a config.
 *
 * @throws PromptbinError `PB_CONFIG_UNREADABLE`, or what a plugin in the config has thrown
 */
export async function readLayer(file: string, context: LayerContext): Promise<LayerFile> {
  const text = await readText(file);
  const { value, locate, files = [] } = await readValue(file, text, context);
  if (value === undefined || value === null) {
    if (basename(file) === 'package.json') {
      throw unreadable(file, 'it has no key "promptbin"', 'Write the config under that key.');
    }
    throw unreadable(file, 'it is empty', 'Write at least "processes".');
  }
  if (!isPlainObject(value)) {
    const { show } = await import('./show.ts');
    throw unreadable({ file, ...locate([]) }, `the config is ${show(value)}, expected an object`);
  }
  const faults = treeFaults(value).map(({ path, message }) => ({
    line: 1,
    column: 1,
    ...locate(path, 'key'),
    message,
  }));
  if (faults.length > 0) {
    const { unreadableData } = await import('./formats/data.ts');
    throw await unreadableData(file, text, new UnreadableText(faults), context.root);
  }
  const name = relative(context.root, file);
  return { layer: { name, file, folder: dirname(file), value, text, locate }, files: [...new Set([file, ...files])] };
}

async function readText(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  } catch (fault) {
    throw unreadable(file, messageOf(fault), undefined, fault);
  }
}

async function readValue(
  file: string,
  text: string,
  context: LayerContext,
): Promise<Reading & { readonly files?: readonly string[] }> {
  const format = formatOf(file);
  if (format === undefined) {
    const hint = 'Name a .ts, .js, .json or .yaml file.';
    throw unreadable(file, `a config cannot be written in "${extname(file)}"`, hint);
  }
  if (format === 'module') return (await import('./formats/module.ts')).readModule(file, text, context);
  return (await import('./formats/data.ts')).readData(file, text, format, context.root);
}
