import type { ConfigLayer, ConfigPath, ConfigSource } from '../contract/config-source.ts';
import { PromptbinError } from '../errors/error.ts';
import type { ConfigIssue, Mistake } from './issues.ts';
import { formatIssues } from './listing.ts';
import { formatPath } from './path.ts';
import { stringsOf } from './show.ts';

/** The config that is invalid. */
export interface InvalidPlace {
  readonly root: string;
  readonly file?: string | undefined;
  readonly source?: ConfigSource | undefined;
}

/** The error that carries all mistakes. Its message lists them, each with its place, and shows that when they are few. */
export async function invalidConfig(
  mistakes: readonly Mistake[],
  { root, file, source }: InvalidPlace,
): Promise<PromptbinError> {
  const issues =
    source === undefined ? mistakes.map((mistake) => unplaced(mistake, file)) : await placed(mistakes, source);
  return issueError('PB_CONFIG_INVALID', issues, { root, subject: file ?? 'The config' });
}

/** An error whose message lists `issues` under `subject`, what they are in. */
export function issueError(
  code: 'PB_CONFIG_INVALID' | 'PB_CONFIG_UNREADABLE',
  issues: readonly ConfigIssue[],
  { root, subject, cause }: { readonly root: string; readonly subject: string; readonly cause?: unknown },
): PromptbinError {
  const sorted = issues.toSorted(byPlace);
  const count = sorted.length === 1 ? 'a mistake' : `${sorted.length} mistakes`;
  const list = formatIssues(sorted, { root }).replaceAll(/^(?=.)/gm, '  ');
  return new PromptbinError(code, `${subject} has ${count}:\n${list}`, { details: sorted, cause });
}

function unplaced({ at: _, path, ...issue }: Mistake, file: string | undefined): ConfigIssue {
  return { ...issue, path: formatPath(path), ...(file !== undefined && { file }) };
}

async function placed(mistakes: readonly Mistake[], source: ConfigSource): Promise<ConfigIssue[]> {
  const [{ frameOf }, { redactText }] = await Promise.all([import('./frame.ts'), import('./redact.ts')]);
  const marks = stringsOf(source.written(['secrets']).at(-1)?.value);
  const texts = new Map<ConfigLayer, string>();
  const shown = (layer: ConfigLayer): string | undefined => {
    if (layer.text !== undefined && !texts.has(layer)) texts.set(layer, redactText(layer.text, marks, layer.value));
    return texts.get(layer);
  };
  return mistakes.map((mistake): ConfigIssue => {
    const { at = 'value' } = mistake;
    const path = writtenPath(mistake.path, source);
    const origin = at === 'around' ? lackingObject(path, source) : source.originOf(path);
    if (origin === undefined || mistake.option !== undefined) return unplaced(mistake, undefined);
    const { layer } = origin;
    const option = `${layer.name} ${layer.text ?? ''}`;
    if (layer.file === undefined) return { ...unplaced(mistake, undefined), option };
    const position = layer.locate(origin.path, at === 'value' ? 'value' : 'key');
    const text = position && shown(layer);
    const frame = text && position && frameOf(text, position);
    return { ...unplaced(mistake, layer.file), ...position, ...(frame && { frame }) };
  });
}

/** Where a key was taken out, or else the object that it should stand in: a file that says all of it, if there is one. */
function lackingObject(path: ConfigPath, source: ConfigSource): ReturnType<ConfigSource['originOf']> {
  const removed = source.written(path).at(-1);
  const around = path.slice(0, -1);
  return removed ?? source.written(around).findLast(({ layer }) => layer.file !== undefined) ?? source.originOf(around);
}

/** A dependency is named by a path that ends in it, also when it was written as an item of a list. */
function writtenPath(path: ConfigPath, source: ConfigSource): ConfigPath {
  if (path.length !== 4 || path[2] !== 'dependsOn') return path;
  const list = source.written(path.slice(0, 3)).at(-1)?.value;
  return Array.isArray(list) ? [...path.slice(0, 3), list.indexOf(path[3])] : path;
}

/** By file and position; what has none stays in the order in which it was found. */
function byPlace(a: ConfigIssue, b: ConfigIssue): number {
  if (a.file !== b.file) return (a.file ?? '\uFFFF') < (b.file ?? '\uFFFF') ? -1 : 1;
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}
