import type { ManagerEvent } from '../contract/events.ts';
import { makeCause } from '../process/causes.ts';
import { isAlive } from '../state/phases.ts';
import type { ProcessHandle } from './handle.ts';
import type { Kernel } from './kernel.ts';
import type { Requests } from './requests.ts';
import type { Supervisors } from './supervisors.ts';

export interface DependantsHost {
  readonly kernel: Kernel;
  readonly supervisors: Supervisors;
  readonly handles: ReadonlyMap<string, ProcessHandle>;
  readonly requests: Requests;
}

/** What a change of one process means for those that depend on it. */
export function followDependencies({
  kernel,
  supervisors,
  handles,
  requests,
}: DependantsHost): (event: ManagerEvent) => void {
  const { post, closing } = kernel;

  /** What runs was made for the incarnation before; what is on its way waits for this one by itself. */
  const renewed = (name: string, dependency: string): void => {
    const [supervisor, handle] = [supervisors.byName.get(name), handles.get(name)];
    if (supervisor === undefined || handle === undefined || closing.aborted) return;
    const { spec, state } = supervisor;
    // One that is to be stopped soon must not be wanted again by this.
    if (!isAlive(state) || state.desired === 'down') return;
    const cause = makeCause('dependencyRestarted', `dependency "${dependency}" was restarted`);
    if (spec.onDependencyRestart === 'restart') supervisor.restart(cause);
    if (spec.onDependencyRestart === 'stop') void requests.stop(handle, cause).catch(() => undefined);
  };

  return (event) => {
    if (event.type === 'process.phase' || event.type === 'process.condition' || event.type === 'process.waiting') {
      for (const name of supervisors.dependantsOf(event.data.name)) post(() => supervisors.byName.get(name)?.recheck());
    }
    if (event.type === 'process.spawned' && event.data.generation > 1 && !event.data.adopted && !event.data.back) {
      for (const name of supervisors.dependantsOf(event.data.name)) post(() => renewed(name, event.data.name));
    }
  };
}
