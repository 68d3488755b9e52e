import { closeSync } from 'node:fs';
import type { ChildSink } from '../contract/runner.ts';
import type { OutputStore } from '../output/store.ts';
import { type Adoption, ageOf } from './adoption.ts';
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

type Exited = (incarnation: Incarnation, exit: LeaderExit) => void;

/**
 * Starts what has been prepared. `exited` is called in a turn of the mailbox.
 *
 * @throws PromptbinError `PB_SPAWN_FAILED`
 */
export function spawnIncarnation(
  { plan, held }: Launch,
  output: OutputStore,
  host: SupervisorHost,
  exited: Exited,
): Incarnation {
  const incarnation = new Incarnation(plan, host.clock);
  const log = output.begin(plan.generation);
  // In the same turn as the spawn: nobody but the child should find the port free.
  held?.release();
  try {
    const sink = { ...sinkOf(incarnation, output, host, exited), log, socket: held?.descriptor };
    incarnation.child = host.runner.spawn(plan, sink);
  } finally {
    // The child has its own.
    if (log !== undefined) closeSync(log);
  }
  return incarnation;
}

/** Takes over what an earlier manager has started. `exited` is called in a turn of the mailbox. */
export function adoptIncarnation(
  { adoptee, plan }: Adoption,
  output: OutputStore,
  host: SupervisorHost,
  exited: Exited,
): Incarnation {
  const incarnation = new Incarnation(plan, host.clock, ageOf(adoptee));
  const log = output.begin(plan.generation, { isOngoing: true });
  if (log !== undefined) closeSync(log);
  const child = host.runner.adopt?.(plan, adoptee.leader, sinkOf(incarnation, output, host, exited));
  if (child === undefined) throw new Error('this runner takes nothing over');
  incarnation.child = child;
  return incarnation;
}

function sinkOf(
  incarnation: Incarnation,
  output: OutputStore,
  { clock, bus, post }: SupervisorHost,
  exited: Exited,
): ChildSink {
  const { name, generation } = incarnation.plan;
  return {
    output: (stream, chunk) => output.write(stream, chunk),
    notified: limitNotices((text) => post(() => bus.append('process.notified', { name, generation, text })), clock),
    exited(code, signal, leftovers) {
      output.catchUp();
      post(() => exited(incarnation, { code, signal, leftovers }));
    },
  };
}
