import { closeSync } from 'node:fs';
import type { OutputStore } from '../output/store.ts';
import { Incarnation } from './incarnation.ts';
import type { Launch } from './launch.ts';
import { limitNotices } from './notices.ts';
import type { SupervisorHost } from './supervisor-host.ts';

/** What the runner tells of the exit of a leader; see `ChildSink.exited`. */
export interface LeaderExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly leftovers: readonly number[];
}

/**
 * Starts what has been prepared. `exited` is called in a turn of the mailbox.
 *
 * @throws PromptbinError `PB_SPAWN_FAILED`
 */
export function spawnIncarnation(
  { plan, held }: Launch,
  output: OutputStore,
  { runner, clock, bus, post }: SupervisorHost,
  exited: (incarnation: Incarnation, exit: LeaderExit) => void,
): Incarnation {
  const { name, generation } = plan;
  const incarnation = new Incarnation(plan, clock);
  const log = output.begin(generation);
  // In the same turn as the spawn: nobody but the child should find the port free.
  held?.release();
  try {
    incarnation.child = runner.spawn(plan, {
      log,
      socket: held?.descriptor,
      output: (stream, chunk) => output.write(stream, chunk),
      notified: limitNotices((text) => post(() => bus.append('process.notified', { name, generation, text })), clock),
      exited(code, signal, leftovers) {
        output.catchUp();
        post(() => exited(incarnation, { code, signal, leftovers }));
      },
    });
  } finally {
    // The child has its own.
    if (log !== undefined) closeSync(log);
  }
  return incarnation;
}
