import { posix } from 'node:path';
import type { DependencyState } from '@promptbin/core';
import type { Candidate, Port } from './candidate.ts';

/** A candidate as it is written: with a name of its own, a port of its own, and dependencies by name. */
export type Named = Omit<Candidate, 'name' | 'port'> & {
  readonly name: string;
  readonly port?: Port;
  readonly dependsOn: Readonly<Record<string, DependencyState>>;
  readonly notes: readonly string[];
};

const longestName = 63;
/** Folders whose names say nothing. */
const plain = new Set(['app', 'src']);

/** Gives each candidate what it shares with no other. */
export function nameAll(candidates: readonly Candidate[]): readonly Named[] {
  const names = chooseNames(candidates);
  const ports = choosePorts(candidates);
  const edges = new Map<string, Set<string>>();
  return candidates.map((candidate) => {
    const { id, name: _own, port: _port, notes = [], ...rest } = candidate;
    const name = names.get(id) ?? id;
    const port = ports.get(id);
    const circular: string[] = [];
    const dependsOn: Record<string, DependencyState> = {};
    for (const [other, state] of Object.entries(candidate.dependsOn ?? {})) {
      const wanted = names.get(other);
      if (wanted === undefined) continue;
      if (reaches(edges, other, id)) circular.push(wanted);
      else {
        dependsOn[wanted] = state;
        edges.set(id, (edges.get(id) ?? new Set()).add(other));
      }
    }
    return {
      ...rest,
      id,
      name,
      dependsOn,
      ...(port !== undefined && { port }),
      notes:
        circular.length === 0 ? notes : [...notes, `It cannot wait for ${circular.join(', ')}, which waits for it.`],
    };
  });
}

/** Names that somebody has given come first: they are known to people. */
function chooseNames(candidates: readonly Candidate[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  const anonymous = candidates.filter(({ name, folder }) => name === undefined && folder === '.');
  for (const candidate of candidates.toSorted(
    (one, other) => Number(other.name !== undefined) - Number(one.name !== undefined),
  )) {
    const wishes = wishesOf(candidate, anonymous.length === 1).map(valid);
    const [first = 'process'] = wishes;
    let name = wishes.find((wish) => !taken.has(wish)) ?? first;
    for (let count = 2; taken.has(name); count += 1) name = `${first.slice(0, longestName - 5)}-${count}`;
    taken.add(name);
    names.set(candidate.id, name);
  }
  return names;
}

function wishesOf({ name, folder, kind }: Candidate, isAlone: boolean): readonly string[] {
  const slug = kind.toLowerCase().replaceAll(/[^a-z0-9]+/g, '');
  if (name !== undefined) return [name, slug];
  if (folder === '.') return isAlone ? ['web', slug] : [slug];
  const last = posix.basename(folder);
  return [plain.has(last) ? 'web' : last, folder.replaceAll('/', '-'), `${last}-${slug}`];
}

/** As a config takes it: 1 to 63 letters, digits, "-" and "_", and not the manager's own name. */
function valid(wish: string): string {
  const name = wish
    .replaceAll(/[^\w-]+/g, '-')
    .replace(/^[^a-z0-9]+/i, '')
    .slice(0, longestName);
  if (name === '') return 'process';
  return name === 'promptbin' ? 'promptbin-app' : name;
}

/** Two servers with the same default get ports side by side, so that each URL stays where it is. */
function choosePorts(candidates: readonly Candidate[]): ReadonlyMap<string, Port> {
  const taken = new Set(candidates.flatMap(({ port }) => (port?.fixed ? [port.number] : [])));
  const ports = new Map<string, Port>();
  for (const { id, port } of candidates) {
    if (port === undefined) continue;
    let { number } = port;
    while (!port.fixed && taken.has(number) && number < 65_535) number += 1;
    taken.add(number);
    ports.set(id, number === port.number ? port : { ...port, number, why: `beside ${port.number}, which another has` });
  }
  return ports;
}

function reaches(edges: ReadonlyMap<string, ReadonlySet<string>>, from: string, to: string): boolean {
  if (from === to) return true;
  return [...(edges.get(from) ?? [])].some((next) => reaches(edges, next, to));
}
