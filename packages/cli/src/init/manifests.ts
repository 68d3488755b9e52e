import { parse } from 'smol-toml';
import type { Folder } from './folder.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** An object of JSON; undefined when there is none, or none that can be used. */
export function readJson(folder: Folder, name: string): Fields | undefined {
  return readObject(folder, name, 'JSON', JSON.parse);
}

export function readToml(folder: Folder, name: string): Fields | undefined {
  return readObject(folder, name, 'TOML', parse);
}

export function readObject(
  folder: Folder,
  name: string,
  language: string,
  parseText: (text: string) => unknown,
): Fields | undefined {
  const text = folder.read(name);
  if (text === undefined) return undefined;
  try {
    const value = parseText(text);
    if (isFields(value)) return value;
    folder.skip(name, `holds no object of ${language}`);
  } catch (fault) {
    folder.skip(name, `is not valid ${language}: ${firstLine(fault)}`);
  }
  return undefined;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object under a key; an empty one when there is none. */
export function fieldsAt(fields: Fields | undefined, ...path: readonly string[]): Fields {
  const value = path.reduce<unknown>((at, key) => (isFields(at) ? at[key] : undefined), fields);
  return isFields(value) ? value : {};
}

/** The texts in a list; none when it is something else. */
export function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function firstLine(fault: unknown): string {
  const [line = ''] = (fault instanceof Error ? fault.message : String(fault)).split('\n');
  return line.trim().replace(/[:.]$/, '');
}
