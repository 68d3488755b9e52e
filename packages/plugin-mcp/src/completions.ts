import type { Member } from './resources.ts';

/** Most that one answer may hold, as the protocol has it. */
const maxValues = 100;

/** The values of one variable that begin as what is typed, among the members that have the `known` values of the others. */
export function completionsOf(
  members: readonly Member[],
  variable: string,
  { typed, known = {} }: { readonly typed: string; readonly known?: Readonly<Record<string, string>> | undefined },
): { values: string[]; total: number; hasMore: boolean } {
  const fitting = members.filter(({ values }) =>
    Object.entries(known).every(([name, value]) => name === variable || (values[name] ?? value) === value),
  );
  const all = new Set(
    fitting.flatMap(({ values }) => values[variable] ?? []).filter((value) => value.startsWith(typed)),
  );
  return { values: [...all].slice(0, maxValues), total: all.size, hasMore: all.size > maxValues };
}
