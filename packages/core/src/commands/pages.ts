import type { LogPage, LogQuery } from '../contract/manager.ts';

const pageLength = 2000;

/** What has written. */
export interface Written {
  logs(query: LogQuery): LogPage;
}

/**
 * The lines after `after`, page by page, up to the newest of now: a large memory full of short lines holds millions. Each page ends with
 * the cursor of the next.
 */
export function* pagesAfter(
  process: Written,
  query: Omit<LogQuery, 'head' | 'tail'> & { readonly after: number },
): Generator<LogPage, void> {
  const end = process.logs({ tail: 1 }).cursor;
  for (let { after } = query; after < end; ) {
    const page = process.logs({ ...query, after, head: pageLength });
    yield page;
    after = page.cursor;
  }
}
