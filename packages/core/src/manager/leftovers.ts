import { endOrphans, findOrphans } from '../process/orphans.ts';
import type { OpenedJournal } from './journal.ts';
import type { Core } from './kernel.ts';

/**
 * Ends what the manager before has left, so that nothing runs twice and no port is held. Only after one that did not come to its end:
 * a look at the whole machine would cost every other start some milliseconds.
 */
export async function endLeftovers(
  root: string,
  { past, fault }: OpenedJournal,
  { bus, post, clock }: Core,
): Promise<void> {
  const isClean = fault === undefined && (past?.previous?.endedCleanly ?? true);
  const orphans = isClean ? [] : ((await findOrphans(root)) ?? []);
  if (orphans.length === 0) return;
  const { left } = await endOrphans(orphans, { clock });
  const processes = orphans.map(({ pid, process, run, command }) => ({
    pid,
    name: process,
    run,
    ...(command && { command }),
  }));
  post(() => bus.append('manager.swept', { processes, left }));
}
