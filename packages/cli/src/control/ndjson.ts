import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { PublicError } from '@promptbin/core';
import { publicError, rethrown } from '../fault.ts';

export interface StreamOptions {
  readonly signal: AbortSignal;
  /** An empty line this often, ms, so that a dead connection shows on both sides. */
  readonly heartbeatMs: number;
  /** How long a reader may leave a full pipe standing, ms, before it is disconnected. */
  readonly stallMs: number;
}

/**
 * Writes one JSON text a line until `items` or the reader ends. A slow reader slows `items` down, and one that does not
 * read at all is disconnected. A fault of `items` is the last line: `{ "error": … }`.
 */
export async function writeLines(
  response: ServerResponse,
  items: AsyncIterable<unknown>,
  { signal, heartbeatMs, stallMs }: StreamOptions,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  response.flushHeaders();
  const heartbeat = setInterval(() => {
    if (!response.writableNeedDrain) response.write('\n');
  }, heartbeatMs);
  try {
    for await (const item of items) {
      if (signal.aborted) break;
      if (response.write(`${JSON.stringify(item)}\n`)) continue;
      const stalled = AbortSignal.timeout(stallMs);
      await once(response, 'drain', { signal: AbortSignal.any([signal, stalled]) }).catch(() => response.destroy());
    }
    response.end();
  } catch (fault) {
    response.end(`${JSON.stringify({ error: publicError(fault) })}\n`);
  } finally {
    clearInterval(heartbeat);
  }
}

/** The other end of `writeLines`, without marks of gaps. Leaving the loop closes the connection; a connection that breaks rejects. */
export async function* readLines<T>(stream: Readable): AsyncGenerator<T> {
  let rest = '';
  for await (const chunk of stream.setEncoding('utf8')) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') continue;
      const item = JSON.parse(line) as Awaited<T> & { readonly error?: PublicError; readonly type?: string };
      if (item.error !== undefined) throw await rethrown(item.error);
      if (item.type !== 'gap') yield item;
    }
  }
}
