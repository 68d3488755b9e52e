import pRetry from 'p-retry';

const timeoutMs = 5000;
const retries = 2;

/**
 * Tells an app something by POST. No connection is kept, and no redirect is followed.
 *
 * @throws Error whose message says what went wrong; the reason of the signal
 */
export async function post(url: URL, body: unknown, signal: AbortSignal): Promise<void> {
  await pRetry(() => postOnce(url, JSON.stringify(body), signal), {
    retries,
    minTimeout: 200,
    randomize: true,
    signal,
  });
}

function postOnce(url: URL, text: string, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
  // An import of it would load its web clients, too: some 25 ms at the start of every manager.
  const { request } = process.getBuiltinModule('node:http');
  const sent = request(url, { method: 'POST', agent: false, headers, signal, timeout: timeoutMs });
  sent.on('timeout', () => sent.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)));
  sent.on('error', reject);
  sent.on('response', (answer) => {
    // What it says is nobody's business.
    answer.destroy();
    const { statusCode = 0 } = answer;
    if (statusCode >= 200 && statusCode < 300) resolve();
    else reject(new Error(`HTTP ${statusCode}`));
  });
  sent.end(text);
  return promise;
}
