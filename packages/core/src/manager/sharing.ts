import { isDeepStrictEqual } from 'node:util';
import type { ResolvedConfig, ResolvedProcess } from '../contract/config.ts';

/** What does not differ is the very same object again: whoever follows it need only compare. */
export function keepUnchanged(before: ResolvedConfig, after: ResolvedConfig): ResolvedConfig {
  const processes = Object.entries(after.processes).map(([name, process]) => {
    const old = Object.hasOwn(before.processes, name) ? before.processes[name] : undefined;
    return [name, old === undefined ? process : keepFields(old, process)] as const;
  });
  const shared = isDeepStrictEqual(before.shared, after.shared) ? before.shared : after.shared;
  return Object.freeze({
    ...after,
    ...(shared !== undefined && { shared }),
    processes: Object.freeze(Object.fromEntries(processes)),
  });
}

function keepFields(before: ResolvedProcess, after: ResolvedProcess): ResolvedProcess {
  if (isDeepStrictEqual(before, after)) return before;
  const fields = Object.entries(after.fields).map(([plugin, value]) => {
    const old = before.fields[plugin];
    return [plugin, isDeepStrictEqual(old, value) ? old : value] as const;
  });
  return Object.freeze({ ...after, fields: Object.freeze(Object.fromEntries(fields)) });
}
