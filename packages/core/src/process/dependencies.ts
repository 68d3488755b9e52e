import type { DependencyState, ResolvedProcess } from '../contract/config.ts';
import type { Cause } from '../contract/process.ts';
import { isHeld } from '../state/phases.ts';
import type { ProcessState } from '../state/reducer.ts';
import { isReady } from '../state/view.ts';
import { makeCause } from './causes.ts';
import { type Graph, withDependencies } from './graph.ts';

export interface Unmet {
  readonly name: string;
  /** Such as `db: not ready (starting)`. */
  readonly text: string;
  /** Why it will not come by itself, such as `dependency "db" failed: exited with code 1`; absent while it may. */
  readonly down?: Cause;
}

type StateOf = (name: string) => ProcessState;

/** The dependencies of a process that do not hold now. */
export function unmetDependencies(spec: Pick<ResolvedProcess, 'dependsOn'>, stateOf: StateOf): readonly Unmet[] {
  return Object.entries(spec.dependsOn).flatMap(([name, wanted]) => {
    const state = stateOf(name);
    return holds(state, wanted) ? [] : [unmet(state, wanted)];
  });
}

function unmet(state: ProcessState, wanted: DependencyState): Unmet {
  const { name, phase, cause } = state;
  const subject = `dependency "${name}"`;
  const down = (message: string): Cause => makeCause('dependencyDown', message, cause?.evidence, cause?.hint);
  const why = cause?.message ?? phase;
  if (phase === 'failed') return { name, text: `${name}: failed (${why})`, down: down(`${subject} failed: ${why}`) };
  if (phase === 'stopped') return { name, text: `${name}: stopped`, down: down(`${subject} is stopped`) };
  if (phase === 'completed') return { name, text: `${name}: completed`, down: down(`${subject} has completed`) };
  const text = `${name}: not ${wanted} (${isHeld(state) ? `waiting: ${why}` : phase})`;
  return isHeld(state) ? { name, text, down: down(`${subject} waits: ${why}`) } : { name, text };
}

function holds(state: ProcessState, wanted: DependencyState): boolean {
  if (wanted === 'completed') return state.phase === 'completed';
  if (wanted === 'ready') return isReady(state);
  return state.phase === 'running' || state.phase === 'starting' || state.phase === 'completed';
}

/**
 * `names` and what they need, dependencies first. What has completed is left out, unless it is one of `names` or somebody
 * needs it to be ready and it is not.
 */
export function startOrder(graph: Graph, names: readonly string[], stateOf: StateOf): readonly string[] {
  const all = withDependencies(graph, names);
  const lacking = new Set(
    all.flatMap((name) =>
      unmetDependencies({ dependsOn: graph[name]?.dependsOn ?? {} }, stateOf).map((one) => one.name),
    ),
  );
  return all.filter((name) => names.includes(name) || stateOf(name).phase !== 'completed' || lacking.has(name));
}
