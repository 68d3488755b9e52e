import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node';
import type { JSONRPCMessage, RequestId } from '@modelcontextprotocol/server';

/** Messages that wait for a stream; beyond that the oldest go. */
const mostWaiting = 256;

/**
 * The SDK's transport drops what belongs to no request as long as the client has no stream open for it, as between its
 * handshake and its GET, or while it connects again. Here that waits, each message once.
 */
export class SessionTransport extends NodeStreamableHTTPServerTransport {
  readonly #waiting = new Map<string, JSONRPCMessage>();
  #stream: ServerResponse | undefined;

  override async send(message: JSONRPCMessage, options?: { relatedRequestId?: RequestId }): Promise<void> {
    const isOfRequest = options?.relatedRequestId !== undefined || !('method' in message);
    if (isOfRequest || this.#stream?.closed === false) return super.send(message, options);
    const key = JSON.stringify(message);
    this.#waiting.delete(key);
    this.#waiting.set(key, message);
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size > mostWaiting && oldest !== undefined) this.#waiting.delete(oldest);
  }

  override async handleRequest(request: IncomingMessage, response: ServerResponse, body?: unknown): Promise<void> {
    const handled = super.handleRequest(request, response, body);
    await Promise.all([handled, request.method === 'GET' && this.#open(response)]);
  }

  async #open(response: ServerResponse): Promise<void> {
    // It takes the SDK some turns to begin the answer.
    while (!response.headersSent && !response.closed) await turn();
    if (response.closed || response.statusCode !== 200) return;
    this.#stream = response;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const message of waiting) await super.send(message);
  }
}
