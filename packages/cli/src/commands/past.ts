import { join } from 'node:path';
import type { ManagerEvent, Snapshot } from '@promptbin/core';
import { connect, unlessGone } from '../control/client.ts';
import { fault } from '../fault.ts';

/** How everything stood at a moment, as the journal tells it. */
export interface Past {
  readonly snapshot: Snapshot;
  /** Wall clock, ms since the epoch: the moment that was asked for. */
  readonly at: number;
  /**
   * `running`: the manager was there. `closed`: it had ended. `killed`: nothing was heard of it any more, and it did not end by itself, so
   * that it is not known what still ran. `unknown`: the record begins later than that manager.
   */
  readonly manager: 'running' | 'closed' | 'killed' | 'unknown';
}

/** Before another manager says that it has started, it states no more than this. */
const mostBeforeStart = 10;

/** The events of a project, also of managers that are gone; oldest first. */
export async function* journalOf(root: string, after = 0): AsyncGenerator<ManagerEvent> {
  const { readEvents } = await import('@promptbin/core');
  yield* readEvents(join(root, '.promptbin', 'journal'), after);
}

/** Whether there is anything to tell. */
export async function hasJournal(root: string): Promise<boolean> {
  for await (const _ of journalOf(root)) return true;
  return false;
}

/**
 * @param at wall clock, ms since the epoch
 * @throws PromptbinError `PB_COMMAND_INPUT` when the journal does not reach that far back
 */
export async function readPast(root: string, at: number): Promise<Past> {
  const { Replay } = await import('@promptbin/core');
  const replay = new Replay();
  let first: number | undefined;
  let later = 0;
  let wasKilled = false;
  for await (const event of journalOf(root)) {
    first ??= event.at;
    if (later === 0 && event.at <= at) replay.take(event);
    else if (++later > mostBeforeStart) break;
    else if (event.type === 'manager.started') {
      const { previous } = event.data;
      wasKilled = previous !== undefined && !previous.endedCleanly && previous.lastAt <= at;
      break;
    }
  }
  const snapshot = replay.snapshot(at);
  if (snapshot.seq === 0) throw await nothingKnown(root, first);
  const { manager } = snapshot;
  // Nobody says of the last one that it was killed, but that it is not there.
  if (later === 0 && manager?.closed === false) wasKilled = !(await isManaged(root, manager.pid));
  if (manager === undefined) return { snapshot, at, manager: 'unknown' };
  return { snapshot, at, manager: manager.closed ? 'closed' : wasKilled ? 'killed' : 'running' };
}

async function isManaged(root: string, pid: number): Promise<boolean> {
  const status = await unlessGone(async () => (await connect(root)).status());
  return status?.manager.pid === pid;
}

async function nothingKnown(root: string, first: number | undefined): Promise<Error> {
  const begins = first === undefined ? 'is empty' : `begins at ${new Date(first).toISOString()}`;
  return fault('PB_COMMAND_INPUT', `The journal of ${root} ${begins}: of the time before, nothing is known.`, {
    hint: first === undefined ? 'It is written by: promptbin up' : 'Ask for a later time.',
  });
}
