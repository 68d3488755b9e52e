import type { DependencyState, ProcessView } from '@promptbin/core';
import type { Palette } from './color.ts';
import { colorOfPhase } from './status.ts';

export interface GraphNode extends Pick<ProcessView, 'name' | 'phase' | 'ready'> {
  readonly dependsOn: Readonly<Record<string, DependencyState>>;
}

/** One tree for each process that no other depends on. What was told before is told without what is below it. */
export function treeOf(nodes: readonly GraphNode[], palette: Palette): readonly string[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const needed = new Set(nodes.flatMap(({ dependsOn }) => Object.keys(dependsOn)));
  const told = new Set<string>();
  const branch = (name: string, state: string, head: string, indent: string): readonly string[] => {
    const node = byName.get(name);
    // A reload may have taken it out in the meantime.
    if (node === undefined) return [`${head}${name}${state}`];
    const below = Object.entries(node.dependsOn);
    const isRepeated = told.has(name) && below.length > 0;
    told.add(name);
    const line = `${head}${palette.bold(name)}  ${colorOfPhase(palette, node.phase)(node.phase)}${state}`;
    if (isRepeated) return [`${line}${palette.dim('  (see above)')}`];
    return [
      line,
      ...below.flatMap(([other, wanted], index) => {
        const isLast = index === below.length - 1;
        const note = palette.dim(`  (to be ${wanted})`);
        return branch(other, note, `${indent}${isLast ? '└─' : '├─'} `, `${indent}${isLast ? '  ' : '│ '} `);
      }),
    ];
  };
  return nodes.filter(({ name }) => !needed.has(name)).flatMap(({ name }) => branch(name, '', '', ''));
}

/** The text of a Mermaid flow chart. An arrow leads from a process to what it needs. */
export function mermaidOf(nodes: readonly GraphNode[]): readonly string[] {
  // Not their names, of which some are words of the language, such as `end`.
  const ids = new Map(nodes.map(({ name }, index) => [name, `p${index}`]));
  return [
    'flowchart LR',
    ...nodes.map(({ name, phase }) => `  ${ids.get(name)}["${name} (${phase})"]`),
    ...nodes.flatMap(({ name, dependsOn }) =>
      Object.entries(dependsOn)
        .filter(([other]) => ids.has(other))
        .map(([other, wanted]) => `  ${ids.get(name)} -- ${wanted} --> ${ids.get(other)}`),
    ),
  ];
}
