import type { ResolvedConfig } from '../contract/config.ts';
import type { ConfigChange, ReloadStep } from '../contract/manager.ts';
import { rankProcesses } from '../process/graph.ts';
import type { ProcessState } from '../state/reducer.ts';
import type { Difference, Effect } from './differences.ts';

export interface PlanInput {
  readonly before: ResolvedConfig;
  readonly after: ResolvedConfig;
  /** Processes that are there and in no config: what is left of them could not be ended. */
  readonly survivors: readonly string[];
  differencesOf(name: string): readonly Difference[];
  stateOf(name: string): Pick<ProcessState, 'phase' | 'desired'>;
}

/**
 * What a reload does to each process, in the order in which it is done: what goes, in reverse order of dependency, then
 * the others, dependencies first. Pure.
 */
export function planReload({ before, after, survivors, differencesOf, stateOf }: PlanInput): readonly ReloadStep[] {
  const isNew = (name: string): boolean => !Object.hasOwn(before.processes, name);
  const leaving = [...rankProcesses(before.processes).flat(), ...survivors].filter(
    (name) => !Object.hasOwn(after.processes, name),
  );
  return [
    ...leaving.toReversed().map((name) => ({ action: 'remove' as const, name, changes: [] })),
    ...rankProcesses(after.processes)
      .flat()
      .map((name) => {
        if (isNew(name)) return { action: 'add' as const, name, changes: [] };
        const differences = differencesOf(name);
        const found = new Set(differences.map(({ effect }) => effect));
        const kind = after.processes[name]?.kind ?? 'service';
        return { action: actionFor(found, stateOf(name), kind), name, changes: differences.map(publicChange) };
      }),
  ];
}

/** Pure. `kind` is the one that it has after the reload. */
export function actionFor(
  effects: ReadonlySet<Effect>,
  { phase, desired }: Pick<ProcessState, 'phase' | 'desired'>,
  kind: 'service' | 'job',
): 'restart' | 'update' | 'keep' {
  if (effects.size === 0) return 'keep';
  // A person wants it down, or it has yet to begin.
  if (desired === 'down' || phase === 'stopped' || phase === 'waiting') return 'update';
  switch (phase) {
    case 'starting':
      return effects.has('child') || effects.has('readiness') ? 'restart' : 'update';
    case 'completed':
      // Running a job twice is not harmless: it must be asked for.
      return kind === 'service' && isTelling(effects) ? 'restart' : 'update';
    case 'backoff':
    case 'failed':
      return isTelling(effects) ? 'restart' : 'update';
    default:
      return effects.has('child') ? 'restart' : 'update';
  }
}

/** Whether what made it end may be different now. */
function isTelling(effects: ReadonlySet<Effect>): boolean {
  return [...effects].some((effect) => effect !== 'upkeep');
}

function publicChange({ effect: _, ...change }: Difference): ConfigChange {
  return change;
}
