import type { ManagerEvent } from '../contract/events.ts';
import type { CloseAs } from './close.ts';
import type { Kernel } from './kernel.ts';

/** Closes the manager when a process fails for good without which it has no purpose. */
export function followEssential(
  { supervisors }: Pick<Kernel, 'supervisors'>,
  close: CloseAs,
): (event: ManagerEvent) => void {
  return (event) => {
    if (event.type !== 'process.phase' || event.data.to !== 'failed') return;
    const { name, cause } = event.data;
    const supervisor = supervisors.get(name);
    // One that was to be stopped, and could not be, was not needed any more.
    if (!supervisor?.spec.essential || supervisor.state.desired === 'down') return;
    void close(`${name} is essential and has failed${cause === undefined ? '' : `: ${cause.message}`}`, {
      failed: name,
    });
  };
}
