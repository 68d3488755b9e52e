import type { Server } from '@modelcontextprotocol/server';
import { type LogLevel, type LogMessage, logLevels } from './messages.ts';
import { type PushOptions, push } from './push.ts';
import { createThrottle } from './throttle.ts';

/** Of one process a client is told so often at most, ms. */
const logPeriodMs = 250;

export interface NotifyOptions extends Pick<PushOptions, 'port' | 'flaskProcess' | 'offer' | 'interest'> {
  readonly era: 'legacy' | 'modern';
}

/** Tells a client what happens, from the handshake on until the server is closed. */
export function notify(server: Server, { era, ...options }: NotifyOptions): void {
  const closed = new AbortController();
  let threshold: LogLevel = 'warning';
  server.onclose = () => closed.abort();
  const start = (): void => {
    const { signal } = closed;
    const latest = new Map<string, LogMessage>();
    // A crash loop must not drown what else a client is told; `list_events` has all of it.
    const logs = createThrottle(logPeriodMs, (logger) => {
      const message = latest.get(logger);
      latest.delete(logger);
      if (message !== undefined) unheard(server.sendLoggingMessage({ ...message }));
    });
    signal.addEventListener('abort', () => logs[Symbol.dispose](), { once: true });
    push({
      ...options,
      signal,
      updated: (uri) => {
        if (options.interest.wants(uri)) unheard(server.sendResourceUpdated({ uri }));
      },
      listChanged: () => unheard(server.sendResourceListChanged()),
      log: (message) => {
        const heard = era === 'legacy' && logLevels.indexOf(message.level) >= logLevels.indexOf(threshold);
        if (!heard) return;
        latest.set(message.logger, message);
        logs.mark(message.logger);
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
