/** What a stream says in place of what is no longer kept. */
export interface Gap {
  /** That of the last one missing, so that a program goes on from it as from any other. */
  readonly seq: number;
  /** When the next one came; wall clock, ms since the epoch. */
  readonly at: number;
  readonly type: 'gap';
  readonly data: { readonly missed: number };
}

interface Numbered {
  readonly seq: number;
  readonly at: number;
}

/**
 * What is missing between two items.
 *
 * @param last `seq` of the one before; undefined when nothing can be missed
 */
export function gapBefore({ seq, at }: Numbered, last: number | undefined): Gap | undefined {
  const missed = last === undefined ? 0 : seq - last - 1;
  return missed > 0 ? { seq: seq - 1, at, type: 'gap', data: { missed } } : undefined;
}

/** The items, with a mark wherever numbers are missing: after `after`, if that is given, and in between. */
export async function* markGaps<T extends Numbered>(
  items: AsyncIterable<T>,
  after: number | undefined,
): AsyncGenerator<T | Gap> {
  let last = after;
  for await (const item of items) {
    const gap = gapBefore(item, last);
    if (gap !== undefined) yield gap;
    last = item.seq;
    yield item;
  }
}
