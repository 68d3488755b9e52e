import { nearest } from '../config/suggest.ts';
import { PromptbinError } from '../errors/error.ts';

/** @throws PromptbinError `PB_PROCESS_UNKNOWN` */
export function findNamed<T>(byName: ReadonlyMap<string, T>, name: string): T {
  const found = byName.get(name);
  if (found !== undefined) return found;
  throw unknownProcess(name, [...byName.keys()]);
}

/** `PB_PROCESS_UNKNOWN`, with the name among `known` that is nearest. */
export function unknownProcess(name: string, known: readonly string[]): PromptbinError {
  const similar = nearest(name, known);
  return new PromptbinError('PB_PROCESS_UNKNOWN', `There is no process "${name}".`, {
    process: name,
    hint: `${similar === undefined ? '' : `Did you mean "${similar}"? `}Known: ${known.join(', ')}.`,
  });
}
