import { nearest } from '../config/suggest.ts';
import { PromptbinError } from '../errors/error.ts';

/** @throws PromptbinError `PB_PROCESS_UNKNOWN` */
export function findNamed<T>(byName: ReadonlyMap<string, T>, name: string): T {
  const found = byName.get(name);
  if (found !== undefined) return found;
  const similar = nearest(name, [...byName.keys()]);
  throw new PromptbinError('PB_PROCESS_UNKNOWN', `There is no process "${name}".`, {
    process: name,
    hint: `${similar === undefined ? '' : `Did you mean "${similar}"? `}Known: ${[...byName.keys()].join(', ')}.`,
  });
}
