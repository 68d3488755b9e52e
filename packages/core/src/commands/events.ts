import type { Clock } from '../contract/clock.ts';
import type { Call } from '../contract/commands.ts';
import type { ManagerEvent } from '../contract/events.ts';
import type { EventEntry, EventsResult } from '../contract/results.ts';
import type { Bus } from '../kernel/bus.ts';
import { describeEvent, processOf } from '../state/describe.ts';
import { plural } from '../state/words.ts';
import { resumeFrom } from './cursor.ts';
import type { EventsInput } from './reading-specs.ts';

/** What comes together is told together, ms. */
const gatherMs = 100;
const longestText = 200;
/** Clients refuse answers that are much larger, however many events were asked for. */
const mostBytes = 30_000;
const mostItems = 5;
/** Told by the sentence, or long. */
const leftOut: ReadonlySet<string> = new Set(['name', 'message', 'evidence', 'lastLines']);

/** What is told of. */
export interface EventsHost {
  readonly bus: Pick<Bus, 'log' | 'past' | 'listen'>;
  readonly clock: Clock;
  /** Aborted when nothing happens any more. */
  readonly closed: AbortSignal;
}

type Fits = (event: ManagerEvent) => boolean;

/**
 * The events after a cursor, oldest first, also of earlier managers, or the newest ones of this manager; what other events tell better
 * is left out. Waits for one that fits, when there is none.
 *
 * @throws the reason of the signal
 */
export async function listEvents(
  host: EventsHost,
  { cursor, name, waitSec, limit }: EventsInput,
  { signal }: Pick<Call, 'signal'>,
): Promise<EventsResult> {
  const { log } = host.bus;
  const { after, note } = resumeFrom(cursor, log.cursor, log.start);
  const fits = (event: ManagerEvent): boolean =>
    describeEvent(event).level !== 'debug' && (name === undefined || processOf(event) === name);
  const old = after === undefined ? nothingOld : await readOld(host.bus, after, fits, limit, signal);
  const newer = (): readonly ManagerEvent[] => (old.isCut ? [] : log.since(old.cursor).events.filter(fits));
  if (waitSec > 0 && old.events.length === 0 && newer().length === 0) await nextOf(host, fits, waitSec * 1000, signal);
  const found = [...old.events, ...newer()];
  const chosen = after === undefined ? newestThatFit(found.slice(-limit)) : oldestThatFit(found.slice(0, limit));
  const forgotten = after === undefined || old.isCut ? 0 : log.since(old.cursor).dropped;
  const dropped = old.dropped + forgotten;
  const more = after !== undefined && found.length > chosen.length;
  const told = [
    chosen.length === 0 ? 'nothing new' : plural(chosen.length, 'event'),
    ...(name === undefined ? [] : [`of ${name}`]),
    // How many there are on disk is not worth reading all of it.
    ...(more ? [old.isCut ? '(and more)' : `(${found.length - chosen.length} more)`] : []),
  ].join(' ');
  const lost = dropped > 0 ? `; ${dropped} older no longer kept` : '';
  return {
    summary: `${told}${lost}${note === undefined ? '' : `; ${note}`}`,
    events: chosen,
    // What does not fit is not worth being looked at again.
    nextCursor: (more ? chosen.at(-1)?.seq : undefined) ?? log.cursor,
    dropped,
    ...(note === undefined ? {} : { note }),
  };
}

function oldestThatFit(events: readonly ManagerEvent[]): readonly EventEntry[] {
  const entries = events.map(entryOf);
  let bytes = 0;
  const over = entries.findIndex((entry) => {
    bytes += Buffer.byteLength(JSON.stringify(entry));
    return bytes > mostBytes;
  });
  return over === -1 ? entries : entries.slice(0, over);
}

function newestThatFit(events: readonly ManagerEvent[]): readonly EventEntry[] {
  return oldestThatFit(events.toReversed()).toReversed();
}

/** What the journal has of what memory has not. */
interface Old {
  readonly events: readonly ManagerEvent[];
  /** How far it was read: memory has the rest, unless `isCut`. */
  readonly cursor: number;
  readonly dropped: number;
  /** There is more than was asked for. */
  readonly isCut: boolean;
}

const nothingOld: Old = { events: [], cursor: 0, dropped: 0, isCut: false };

/** @throws the reason of the signal */
async function readOld(
  bus: EventsHost['bus'],
  after: number,
  fits: Fits,
  limit: number,
  signal: AbortSignal,
): Promise<Old> {
  const events: ManagerEvent[] = [];
  let cursor = after;
  let dropped = 0;
  for await (const event of bus.past(after)) {
    signal.throwIfAborted();
    dropped += event.seq - cursor - 1;
    cursor = event.seq;
    if (!fits(event)) continue;
    events.push(event);
    if (events.length > limit) return { events, cursor, dropped, isCut: true };
  }
  return { events, cursor, dropped, isCut: false };
}

/** Resolves soon after the next event that fits, or when the time is over. */
async function nextOf({ bus, clock, closed }: EventsHost, fits: Fits, ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  using timers = new DisposableStack();
  using _ = bus.listen((event) => {
    if (fits(event)) timers.use(clock.after(gatherMs, resolve));
  });
  timers.use(clock.after(ms, resolve));
  const abort = (): void => reject(signal.reason);
  const close = (): void => resolve();
  signal.addEventListener('abort', abort, { once: true });
  closed.addEventListener('abort', close, { once: true });
  if (signal.aborted) abort();
  if (closed.aborted) close();
  await promise.finally(() => {
    signal.removeEventListener('abort', abort);
    closed.removeEventListener('abort', close);
  });
}

function entryOf(event: ManagerEvent): EventEntry {
  const { level, text } = describeEvent(event);
  const name = processOf(event);
  return {
    seq: event.seq,
    at: new Date(event.at).toISOString(),
    type: event.type,
    ...(name === undefined ? {} : { name }),
    level,
    text,
    data: compact(event.data) as EventEntry['data'],
  };
}

/** Without what the sentence tells, and short: a client must be able to take many of them. */
function compact(value: unknown): unknown {
  if (typeof value === 'string') return value.length > longestText ? `${value.slice(0, longestText)}…` : value;
  if (Array.isArray(value)) return value.slice(0, mostItems).map(compact);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (leftOut.has(key) ? [] : [[key, compact(item)]])),
  );
}
