import { request } from 'node:http';
import { Readable } from 'node:stream';

/** A fetch that goes to whoever listens on a Unix socket, whatever the URL says. */
export function socketFetch(socketPath: string): (url: string | URL, init?: RequestInit) => Promise<Response> {
  return (url, { method = 'GET', headers, body, signal } = {}) => {
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    const { pathname, host } = new URL(url);
    const given = { ...Object.fromEntries(new Headers(headers)), host };
    request({ socketPath, path: pathname, method, headers: given, ...(signal && { signal }) }, (response) => {
      const { statusCode: status = 500 } = response;
      const isEmpty = status === 202 || status === 204;
      const stream = isEmpty ? null : (Readable.toWeb(response) as unknown as ReadableStream);
      if (isEmpty) response.resume();
      resolve(new Response(stream, { status, headers: new Headers(response.headers as Record<string, string>) }));
      // What is taken back later ends in the reader, who has been told by the same signal.
      response.on('error', () => {});
    })
      .on('error', reject)
      .end(body as string | undefined);
    return promise;
  };
}
