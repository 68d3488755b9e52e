import type { ResolvedProcess } from '../contract/config.ts';
import { type Adoptee, adopteesAmong, withoutAdopted } from '../process/adoption.ts';
import { endOrphans, findOrphans } from '../process/orphans.ts';
import type { OpenedJournal } from './journal.ts';
import type { Core } from './kernel.ts';

/**
 * Ends what the manager before has left, so that nothing runs twice and no port is held; but for what is to be taken over. Only after one that did not come to
 * its end: a look at the whole machine would cost every other start some milliseconds.
 *
 * @param processes those that may be taken over
 * @returns what is to be taken over
 */
export async function settleLeftovers(
  root: string,
  { past, fault }: OpenedJournal,
  processes: Readonly<Record<string, ResolvedProcess>>,
  { bus, post, clock }: Core,
): Promise<readonly Adoptee[]> {
  const isClean = fault === undefined && (past?.previous?.endedCleanly ?? true);
  const orphans = isClean ? [] : ((await findOrphans(root)) ?? []);
  const adoptees = adopteesAmong(orphans, processes);
  const leftovers = withoutAdopted(orphans, adoptees);
  if (leftovers.length === 0) return adoptees;
  const { left } = await endOrphans(leftovers, { clock });
  const ended = leftovers.map(({ pid, process, run, command }) => ({
    pid,
    name: process,
    run,
    ...(command && { command }),
  }));
  post(() => bus.append('manager.swept', { processes: ended, left }));
  return adoptees;
}
