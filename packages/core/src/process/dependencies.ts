import type { DependencyState, ResolvedProcess } from '../contract/config.ts';
import type { ProcessState } from '../state/reducer.ts';
import { isReady } from '../state/view.ts';

export interface Unmet {
  readonly name: string;
  /** Such as `db: not ready (starting)`. */
  readonly text: string;
  /** It failed: waiting on will not help unless someone acts. */
  readonly failed: boolean;
  readonly why: string;
}

/** The dependencies of a process that do not hold now. */
export function unmetDependencies(
  spec: Pick<ResolvedProcess, 'dependsOn'>,
  stateOf: (name: string) => ProcessState,
): readonly Unmet[] {
  return Object.entries(spec.dependsOn).flatMap(([name, wanted]) => {
    const state = stateOf(name);
    if (holds(state, wanted)) return [];
    const why = state.cause?.message ?? state.phase;
    const failed = state.phase === 'failed';
    return [{ name, failed, why, text: `${name}: ${failed ? `failed (${why})` : `not ${wanted} (${state.phase})`}` }];
  });
}

function holds(state: ProcessState, wanted: DependencyState): boolean {
  if (wanted === 'completed') return state.phase === 'completed';
  if (wanted === 'ready') return isReady(state);
  return state.phase === 'running' || state.phase === 'starting' || state.phase === 'completed';
}
