import type { SubscribeOptions } from '../contract/commands.ts';
import type { ManagerEvent } from '../contract/events.ts';
import type { Bus } from '../kernel/bus.ts';

/**
 * Events as an iteration that reads journal and log by cursor: a slow reader holds no queue, it only risks a gap, which the
 * jump in `seq` shows.
 */
export function followEvents(
  bus: Bus,
  { after = bus.log.cursor, signal }: SubscribeOptions,
  closed: AbortSignal,
): AsyncGenerator<ManagerEvent, void, undefined> {
  return follow(bus, after, signal, closed);
}

// Apart, because the body of a generator does not run before the first event is asked for.
async function* follow(
  bus: Bus,
  after: number,
  signal: AbortSignal | undefined,
  closed: AbortSignal,
): AsyncGenerator<ManagerEvent, void, undefined> {
  const stop = signal === undefined ? closed : AbortSignal.any([signal, closed]);
  let cursor = after;
  let wake = (): void => {};
  const rouse = (): void => wake();
  using _ = bus.listen(rouse);
  stop.addEventListener('abort', rouse);
  try {
    while (true) {
      if (cursor + 1 < bus.log.first) {
        for await (const event of bus.past(cursor)) {
          if (signal?.aborted) return;
          cursor = event.seq;
          yield event;
        }
      }
      const { events } = bus.log.since(cursor);
      for (const event of events) {
        if (signal?.aborted) return;
        cursor = event.seq;
        yield event;
      }
      if (events.length > 0) continue;
      // After the close, what was stated before it is still handed out.
      if (stop.aborted) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    stop.removeEventListener('abort', rouse);
  }
}
