import type { ResolvedProcess } from '../contract/config.ts';

/** Each process with those that it depends on; one that is not there itself stands at the bottom. */
export type Graph = Readonly<Record<string, Pick<ResolvedProcess, 'dependsOn'>>>;

/** Names in ranks: a rank depends only on ranks before it. The config has no cycles. */
export function rankProcesses(graph: Graph): readonly (readonly string[])[] {
  const depths = new Map<string, number>();
  const depthOf = (name: string): number => {
    const known = depths.get(name);
    if (known !== undefined) return known;
    const depth = Math.max(-1, ...Object.keys(graph[name]?.dependsOn ?? {}).map(depthOf)) + 1;
    depths.set(name, depth);
    return depth;
  };
  const ranks: string[][] = [];
  for (const name of Object.keys(graph)) {
    const depth = depthOf(name);
    ranks[depth] ??= [];
    ranks[depth].push(name);
  }
  return ranks;
}

/** All that depend on it, directly or not. */
export function dependantsOf(graph: Graph, name: string): readonly string[] {
  const found = new Set<string>();
  const visit = (needed: string): void => {
    for (const [dependant, { dependsOn }] of Object.entries(graph)) {
      if (!Object.hasOwn(dependsOn, needed) || found.has(dependant)) continue;
      found.add(dependant);
      visit(dependant);
    }
  };
  visit(name);
  return [...found];
}

/** `names` and all that they depend on, dependencies first. */
export function withDependencies(graph: Graph, names: readonly string[]): readonly string[] {
  const found = new Set<string>();
  const visit = (name: string): void => {
    if (found.has(name)) return;
    for (const dependency of Object.keys(graph[name]?.dependsOn ?? {})) visit(dependency);
    found.add(name);
  };
  for (const name of names) visit(name);
  return [...found];
}
