import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ChildTerminal, CommandResult } from '@promptbin/core';
import { publicError } from '../fault.ts';
import type { ManagerSource } from './source.ts';

/** What a client asks to go on with, in the header `Upgrade`. */
export const terminalProtocol = 'promptbin-terminal';
export const terminalPath: RegExp = /^\/v1\/terminal\/([^/]+)$/;

/** A client that has so much unread is let go of, bytes: nobody is held up by it. */
const mostUnread = 4 * 2 ** 20;

/**
 * Makes of a connection a view of the terminal of a process: what it shows goes out, what comes in is typed. It ends with the run of the
 * process.
 */
export async function upgradeToTerminal(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  { source, isOwn }: { readonly source: ManagerSource; readonly isOwn: boolean },
): Promise<void> {
  socket.on('error', () => socket.destroy());
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const [, name] = terminalPath.exec(pathname) ?? [];
  if (!isOwn) return refuse(socket, '403 Forbidden', 'Requests of web pages and for other hosts are not taken.');
  if (name === undefined || request.headers.upgrade !== terminalProtocol) {
    return refuse(socket, '404 Not Found', `There is no ${pathname} to upgrade to ${request.headers.upgrade}.`);
  }
  try {
    show(await source.terminal(decodeURIComponent(name)), socket, head);
  } catch (fault) {
    refuse(socket, '409 Conflict', publicError(fault));
  }
}

function show(terminal: ChildTerminal, socket: Duplex, head: Buffer): void {
  if (socket.destroyed) return;
  const lines = ['HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade', `Upgrade: ${terminalProtocol}`];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  const view = terminal.view((chunk) => {
    if (socket.writableLength > mostUnread) socket.destroy();
    else socket.write(chunk);
  });
  if (head.length > 0) terminal.write(head);
  socket.on('data', (chunk: Buffer) => terminal.write(chunk));
  socket.on('close', () => view[Symbol.dispose]());
  void terminal.ended.then(() => socket.end());
}

function refuse(socket: Duplex, status: string, error: string | ReturnType<typeof publicError>): void {
  const told = typeof error === 'string' ? ({ code: 'PB_CONTROL_REQUEST', message: error } as const) : error;
  const body = JSON.stringify({ ok: false, error: told } satisfies CommandResult);
  const head = [`HTTP/1.1 ${status}`, 'content-type: application/json', `content-length: ${Buffer.byteLength(body)}`];
  socket.end(`${[...head, 'connection: close'].join('\r\n')}\r\n\r\n${body}`);
}
