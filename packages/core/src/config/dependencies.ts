import type { DependencyState } from '../contract/config.ts';
import type { Report } from './issues.ts';
import { nearest } from './suggest.ts';

interface Dependant {
  readonly kind: 'service' | 'job';
  readonly dependsOn: Readonly<Record<string, DependencyState>>;
}

/** Reports dependencies that can never be met. `names` are all processes, with those that did not parse. */
export function checkDependencies(
  processes: Readonly<Record<string, Dependant>>,
  names: readonly string[],
  report: Report,
): void {
  for (const [name, { dependsOn }] of Object.entries(processes)) {
    for (const [dependency, state] of Object.entries(dependsOn)) {
      const path = ['processes', name, 'dependsOn', dependency];
      if (dependency === name) {
        report(path, `processes.${name} depends on itself.`, { at: 'key' });
      } else if (!names.includes(dependency)) {
        const guess = nearest(dependency, names);
        report(path, `processes.${name} depends on "${dependency}", which is no process of this config.`, {
          hint: guess === undefined ? `Known processes: ${names.join(', ')}.` : `Did you mean "${guess}"?`,
          at: 'key',
        });
      } else if (
        state === 'completed' &&
        Object.hasOwn(processes, dependency) &&
        processes[dependency]?.kind !== 'job'
      ) {
        report(path, `processes.${name} waits until "${dependency}" has completed, but a service does not complete.`, {
          hint: `Set processes.${dependency}.kind to "job", or depend on "ready".`,
          at: 'key',
        });
      }
    }
  }
  for (const cycle of cycles(processes)) {
    const [first = '', second = ''] = cycle;
    const circle = [...cycle, first].join(' → ');
    report(['processes', first, 'dependsOn', second], `These processes wait for each other: ${circle}.`, {
      hint: 'Take one of the dependencies out.',
      at: 'key',
    });
  }
}

/** The circles in the graph, no process in two of them. A process that depends on itself is not a circle here. */
function cycles(processes: Readonly<Record<string, Dependant>>): readonly (readonly string[])[] {
  const found: string[][] = [];
  const left = new Map(
    Object.entries(processes).map(([name, { dependsOn }]) => [
      name,
      Object.keys(dependsOn).filter((dependency) => dependency !== name && Object.hasOwn(processes, dependency)),
    ]),
  );
  const waitsFor = (name: string) => left.get(name)?.find((dependency) => left.has(dependency));

  for (;;) {
    dropFree(left, waitsFor);
    const [start] = left.keys();
    if (start === undefined) return found;
    // Whoever is left waits for someone who is left: following that must come round.
    const walk: string[] = [];
    let next: string | undefined = start;
    while (next !== undefined && !walk.includes(next)) {
      walk.push(next);
      next = waitsFor(next);
    }
    const cycle = walk.slice(walk.indexOf(next ?? start));
    found.push(cycle);
    for (const name of cycle) left.delete(name);
  }
}

/** Takes out, again and again, those who wait for nobody that is left. */
function dropFree(left: Map<string, unknown>, waitsFor: (name: string) => string | undefined): void {
  let before: number;
  do {
    before = left.size;
    for (const name of left.keys()) if (waitsFor(name) === undefined) left.delete(name);
  } while (left.size < before);
}
