import type { Incarnation } from './incarnation.ts';
import type { SupervisorHost } from './supervisor-host.ts';

/** From one look to the next, ms. */
const lookMs = { first: 1000, most: 10_000 };

/**
 * A process that became ready on another port than it was told may have opened a helper's port long before its own: for
 * `patienceMs` it is looked at again, until it listens where it was told.
 */
export async function lookAgain(
  name: string,
  { whereabouts, over }: Pick<Incarnation, 'whereabouts' | 'over'>,
  patienceMs: number,
  { clock, network }: Pick<SupervisorHost, 'clock' | 'network'>,
): Promise<void> {
  const end = clock.now() + patienceMs;
  for (let waitMs = lookMs.first; clock.now() < end; waitMs = Math.min(2 * waitMs, lookMs.most)) {
    if (whereabouts?.otherPort === undefined) return;
    await clock.sleep(waitMs, over).catch(() => undefined);
    if (over.aborted) return;
    await whereabouts.look(() => network.tree(name));
  }
}
