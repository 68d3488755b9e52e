import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { ChildTerminal, PublicError, TerminalSize } from '@promptbin/core';
import { rethrown } from '../fault.ts';
import { http } from './http.ts';
import { terminalProtocol } from './terminal-server.ts';

/** The terminal of a process, seen over the control socket, until it is disposed of. */
export interface RemoteTerminal extends ChildTerminal, Disposable {}

interface Place {
  readonly socketPath: string;
  readonly name: string;
  readonly signal: AbortSignal;
}

/**
 * Opens a connection that shows the terminal of a process.
 *
 * @throws PromptbinError `PB_PROCESS_UNKNOWN`, `PB_TTY_NONE`; what the socket throws when nobody is there
 */
export async function openTerminal(place: Place): Promise<RemoteTerminal> {
  const { socket, head } = await upgrade(place);
  const ended = new Promise<void>((resolve) => socket.once('close', resolve));
  // Who is gone is told by its end.
  socket.on('error', () => socket.destroy());
  return {
    ended,
    write: (data) => void socket.write(data),
    resize: (size) => void resize(place, size),
    view(onChunk) {
      if (head.length > 0) onChunk(head);
      socket.on('data', onChunk);
      return { [Symbol.dispose]: () => socket.off('data', onChunk) };
    },
    [Symbol.dispose]: () => socket.destroy(),
  };
}

function pathOf({ name }: Place): string {
  return `/v1/terminal/${encodeURIComponent(name)}`;
}

async function upgrade(place: Place): Promise<{ readonly socket: Duplex; readonly head: Buffer }> {
  const { socketPath, signal } = place;
  const headers = { connection: 'Upgrade', upgrade: terminalProtocol };
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage | { socket: Duplex; head: Buffer }>();
  http
    .request({ socketPath, path: pathOf(place), headers, agent: false, signal })
    .on('upgrade', (_response, socket, head) => resolve({ socket, head }))
    .on('response', resolve)
    .on('error', reject)
    .end();
  const answer = await promise;
  if ('head' in answer) return answer;
  const { error } = JSON.parse(await text(answer)) as { readonly error: PublicError };
  throw await rethrown(error);
}

/** Whether it could be done shows. */
async function resize(place: Place, { columns, rows }: TerminalSize): Promise<void> {
  const path = `${pathOf(place)}?columns=${columns}&rows=${rows}`;
  const { socketPath, signal } = place;
  http
    .request({ socketPath, method: 'POST', path, agent: false, signal }, (response) => response.resume())
    .on('error', () => {})
    .end();
}
