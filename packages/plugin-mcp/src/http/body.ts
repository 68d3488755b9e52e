import type { IncomingMessage } from 'node:http';
import type { Refusal } from './refusal.ts';

/** The same as the SDK's own limit. */
const largestBody = 4 * 1024 * 1024;

/** The body of a POST as JSON, or why it is not taken. */
export async function readJson(
  request: IncomingMessage,
): Promise<{ readonly value: unknown } | { readonly refusal: Refusal }> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // What is beyond the limit is read and dropped, so that the client gets to read the answer.
    if (size <= largestBody) chunks.push(chunk);
  }
  if (size > largestBody) {
    return { refusal: { status: 413, message: `A request is at most ${largestBody} bytes.` } };
  }
  try {
    return { value: JSON.parse(Buffer.concat(chunks).toString('utf8')) };
  } catch {
    return { refusal: { status: 400, code: -32_700, message: 'A request must be JSON.' } };
  }
}
