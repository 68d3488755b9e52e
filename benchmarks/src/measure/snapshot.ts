import { readFileSync } from 'node:fs';

/** What is used of a heap snapshot of V8. */
interface Snapshot {
  readonly snapshot: {
    readonly meta: { readonly node_fields: readonly string[]; readonly node_types: readonly [readonly string[]] };
  };
  readonly nodes: readonly number[];
  readonly strings: readonly string[];
}

/** How many objects there are of each constructor. */
export function countObjects(file: string): ReadonlyMap<string, number> {
  const { snapshot, nodes, strings } = JSON.parse(readFileSync(file, 'utf8')) as Snapshot;
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [type, name] = [fields.indexOf('type'), fields.indexOf('name')];
  const counts = new Map<string, number>();
  for (let node = 0; node < nodes.length; node += fields.length) {
    if (types[0][nodes[node + type] ?? 0] !== 'object') continue;
    const kind = strings[nodes[node + name] ?? 0] ?? '';
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

/** How many more there are of those constructors that have more. */
export function grownObjects(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): number {
  let grown = 0;
  for (const [kind, count] of after) grown += Math.max(0, count - (before.get(kind) ?? 0));
  return grown;
}
