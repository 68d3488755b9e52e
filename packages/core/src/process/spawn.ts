import type { OutputStore } from '../output/store.ts';
import { Incarnation } from './incarnation.ts';
import type { Launch } from './launch.ts';
import type { SupervisorHost } from './supervisor-host.ts';

type Exited = (
  incarnation: Incarnation,
  code: number | null,
  signal: NodeJS.Signals | null,
  leftovers: readonly number[],
) => void;

/**
 * Starts what has been prepared. `exited` is called in a turn of the mailbox.
 *
 * @throws PromptbinError `PB_SPAWN_FAILED`
 */
export function spawnIncarnation(
  { plan, held }: Launch,
  output: OutputStore,
  { runner, clock, post }: SupervisorHost,
  exited: Exited,
): Incarnation {
  const incarnation = new Incarnation(plan.generation, clock);
  output.begin(plan.generation);
  // In the same turn as the spawn: nobody but the child should find the port free.
  held?.release();
  incarnation.child = runner.spawn(plan, {
    output: (stream, chunk) => output.write(stream, chunk),
    exited: (code, signal, leftovers) => post(() => exited(incarnation, code, signal, leftovers)),
  });
  return incarnation;
}
