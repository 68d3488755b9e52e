import type { Server } from '@modelcontextprotocol/server';
import { followOutput } from './follow-output.ts';
import type { Interest } from './interest.ts';
import { type LogLevel, logLevels } from './messages.ts';
import type { Offer } from './offer.ts';
import { type PushOptions, push } from './push.ts';

export interface NotifyOptions extends Pick<PushOptions, 'port' | 'flaskProcess' | 'uris'> {
  readonly era: 'legacy' | 'modern';
  readonly offer: Offer;
  readonly interest: Interest;
}

/** Tells a client what happens, from the handshake on until the server is closed. */
export function notify(server: Server, { era, offer, interest, ...options }: NotifyOptions): void {
  const closed = new AbortController();
  let threshold: LogLevel = 'warning';
  server.onclose = () => closed.abort();
  const start = (): void => {
    const updated = (uri: string): void => {
      if (interest.wants(uri)) unheard(server.sendResourceUpdated({ uri }));
    };
    const { signal } = closed;
    void followOutput({ port: options.port, signal, interest, updated });
    push({
      ...options,
      signal,
      updated,
      listChanged: () => unheard(server.sendResourceListChanged()),
      commandsChanged: () => offer.refresh(),
      log: (message) => {
        const heard = era === 'legacy' && logLevels.indexOf(message.level) >= logLevels.indexOf(threshold);
        if (heard) unheard(server.sendLoggingMessage({ ...message }));
      },
    });
  };
  if (era === 'modern') {
    start();
    return;
  }
  server.oninitialized = start;
  server.setRequestHandler('logging/setLevel', ({ params }) => {
    threshold = params.level;
    return {};
  });
}

/** A notification that cannot be sent has no reader any more; the transport reports its own end. */
export function unheard(sent: Promise<void>): void {
  sent.catch(() => {});
}
