import { Console } from 'node:console';
import type { Readable, Writable } from 'node:stream';
import { StdioServerTransport, serveStdio as serve } from '@modelcontextprotocol/server/stdio';
import { Interest } from './interest.ts';
import { createMcpServer, type McpServerOptions } from './server.ts';

export interface ServeStdioOptions extends Omit<McpServerOptions, 'era'> {
  /** Default: `process.stdin`. */
  readonly stdin?: Readable;
  /** Default: `process.stdout`, and then `console` writes to stderr as long as the connection lasts. */
  readonly stdout?: Writable;
  /** The client has gone, or `close()` was called. Called once. */
  readonly onClose?: () => void;
}

/** A larger message ends the connection, bytes. Below it, one that is too large for its tool is answered so. */
const largestMessage = 16 * 1024 * 1024;

export interface StdioConnection {
  /** Resolves when the client has gone or `close()` was called. Never rejects. */
  readonly closed: Promise<void>;
  close(): Promise<void>;
}

/**
 * Serves one client over stdio, in both eras of the protocol: the client's first message decides.
 * Resolves as soon as it listens and never waits for the manager. Ends when stdin ends or stdout breaks.
 */
export async function serveStdio(options: ServeStdioOptions): Promise<StdioConnection> {
  const { stdin = process.stdin, stdout = process.stdout, onClose, ...rest } = options;
  // stdout belongs to the protocol: one stray line and clients drop the connection.
  const restore = stdout === process.stdout ? redirectConsole() : undefined;
  const transport = new StdioServerTransport(stdin, stdout, { maxBufferSize: largestMessage });
  const interest = { legacy: new Interest('legacy'), modern: new Interest('modern') };
  const handle = serve(
    ({ era }) => createMcpServer({ ...rest, era }, { interest: interest[era], onUnknownToolsets: reportToolsets }),
    {
      transport,
      onerror: report,
    },
  );
  const entryMessage = transport.onmessage;
  transport.onmessage = (message, ...extra) => {
    // The SDK answers it without telling the server. When the listening ends, so does mostly the client.
    if ('method' in message && message.method === 'subscriptions/listen') interest.modern.listen();
    entryMessage?.(message, ...extra);
  };
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  const entryClosed = transport.onclose;
  transport.onclose = () => {
    entryClosed?.();
    restore?.();
    onClose?.();
    resolve();
  };
  return { closed, close: () => handle.close() };
}

function redirectConsole(): () => void {
  const before = { ...console };
  Object.assign(console, new Console(process.stderr, process.stderr));
  return () => void Object.assign(console, before);
}

/** What cannot be answered is told to the person who reads the client's log of us. A broken pipe is just the end. */
function report(error: Error & { readonly code?: string }): void {
  if (error.code !== 'EPIPE') console.error(`promptbin mcp: ${error.message}`);
}

function reportToolsets(names: readonly string[]): void {
  console.error(`promptbin mcp: there are no tools of the set ${names.map((name) => `"${name}"`).join(', ')}`);
}
