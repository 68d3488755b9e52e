import type { ManagerEvent } from '../contract/events.ts';
import type { Bus } from '../kernel/bus.ts';

/** How far back an explanation looks, in events: about 5 MB of the journal, read in 0.1 s. */
const farthest = 20_000;

/** The newest events, of earlier managers, too; without those of which there are many and that explain nothing. */
export async function recentEvents(bus: Pick<Bus, 'log' | 'past'>): Promise<readonly ManagerEvent[]> {
  const found: ManagerEvent[] = [];
  for await (const event of bus.past(Math.max(0, bus.log.cursor - farthest))) if (isTelling(event)) found.push(event);
  return [...found, ...bus.log.since(found.at(-1)?.seq ?? 0).events.filter(isTelling)];
}

function isTelling({ type }: ManagerEvent): boolean {
  return type !== 'process.sample';
}
