import type { EventMap, ManagerEvent } from '../contract/events.ts';
import { messageOf } from '../errors/error.ts';

/** A longer one, bytes, is not worth its place among the others. */
const longestLine = 1024 * 1024;

/** An event as one line of JSON. What cannot be one leaves a `journal.omitted` under its number: no number is missing. */
export function encodeEvent(event: ManagerEvent): string {
  try {
    const line = lineOf(event);
    const bytes = Buffer.byteLength(line);
    return bytes > longestLine ? standInFor(event, `it has ${bytes} bytes`) : line;
  } catch (fault) {
    return standInFor(event, messageOf(fault));
  }
}

/** Undefined for what is no event: a line that was torn, or that somebody else has written. */
export function decodeEvent(line: string): ManagerEvent | undefined {
  try {
    const event = JSON.parse(line) as Partial<ManagerEvent> | null;
    if (!Number.isSafeInteger(event?.seq) || typeof event?.at !== 'number' || typeof event.type !== 'string') return;
    if (Array.isArray(event.data) || typeof event.data !== 'object' || event.data === null) return;
    Object.freeze(event.data);
    return Object.freeze(event) as ManagerEvent;
  } catch {
    return;
  }
}

/** The number of the event of a line, without reading the rest of it; NaN when it has none. */
export function seqOfLine(line: string): number {
  return line.startsWith(head) ? Number.parseInt(line.slice(head.length, head.length + 20), 10) : Number.NaN;
}

const head = '{"seq":';

function lineOf({ seq, at, type, data }: Pick<ManagerEvent, 'seq' | 'at'> & { type: string; data: unknown }): string {
  const json = JSON.stringify(data) as string | undefined;
  if (json?.startsWith('{') !== true) throw new TypeError('its data is no object');
  return `${head}${seq},"at":${at},"type":${JSON.stringify(type)},"data":${json}}\n`;
}

function standInFor({ seq, at, type }: ManagerEvent, reason: string): string {
  return lineOf({ seq, at, type: 'journal.omitted', data: { type, reason } satisfies EventMap['journal.omitted'] });
}
