import type { EventMap, ManagerEvent } from '../contract/events.ts';
import { listSegments, type Segment } from './segments.ts';
import { readTail } from './tail.ts';

/** What the managers before have left. */
export interface Past {
  /** `seq` of the last event; 0 when there is none. */
  readonly last: number;
  /** The file to go on with, and how much of it is whole, bytes; absent when there is none. */
  readonly newest?: { readonly segment: Segment; readonly size: number };
  /** A line that was torn. */
  readonly torn?: { readonly file: string; readonly bytes: number };
  /** The manager before this one. */
  readonly previous?: NonNullable<EventMap['manager.started']['previous']>;
}

/**
 * Looks at the end of the journal, and changes nothing.
 *
 * @throws the fault of the file system
 */
export function readPast(folder: string): Past {
  const [segment, before] = listSegments(folder).toReversed();
  if (segment === undefined) return { last: 0 };
  const { file, first } = segment;
  const { whole: size, torn: bytes, events } = readTail(file);
  const all = before === undefined || events.some(isMark) ? events : [...readTail(before.file).events, ...events];
  const previous = previousOf(all);
  return {
    last: Math.max(first - 1, ...events.map(({ seq }) => seq)),
    newest: { segment, size },
    ...(bytes === 0 ? {} : { torn: { file, bytes } }),
    ...(previous === undefined ? {} : { previous }),
  };
}

type Mark = ManagerEvent<'manager.started'> | ManagerEvent<'manager.closed'>;

function isMark(event: ManagerEvent): event is Mark {
  return event.type === 'manager.started' || event.type === 'manager.closed';
}

/** What its last events tell of a manager. When it began may be too long ago to be looked for: then its pid is not told. */
function previousOf(events: readonly ManagerEvent[]): Past['previous'] {
  const last = events.at(-1);
  if (last === undefined) return undefined;
  const mark = events.findLast(isMark);
  return {
    ...(mark === undefined ? {} : { pid: mark.data.pid }),
    lastAt: last.at,
    endedCleanly: mark?.type === 'manager.closed',
  };
}
