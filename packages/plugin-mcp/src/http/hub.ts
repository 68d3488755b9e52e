import type { ServerNotifier } from '@modelcontextprotocol/server';
import type { Interest } from '../interest.ts';
import { Offer } from '../offer.ts';
import { push } from '../push.ts';
import { choiceOf, type McpServerOptions } from '../server.ts';

/** What the requests of clients without a session share: what they are offered, and what is pushed to who listens. */
export interface Hub extends Disposable {
  readonly offer: Offer;
}

/** Follows the manager until it is disposed of, and tells `notifier`, which knows who has asked for what. */
export function createHub(options: McpServerOptions, notifier: ServerNotifier, interest: Interest): Hub {
  const { port, flaskProcess } = options;
  const closed = new AbortController();
  const offer = new Offer({
    port,
    flaskProcess,
    choice: choiceOf(options),
    onToolsChanged: () => notifier.toolsChanged(),
    onResourcesChanged: () => notifier.resourcesChanged(),
  });
  push({
    port,
    flaskProcess,
    offer,
    interest,
    signal: closed.signal,
    updated: (uri) => notifier.resourceUpdated(uri),
    listChanged: () => notifier.resourcesChanged(),
    // Log messages are of the revisions with sessions.
    log: () => {},
  });
  return { offer, [Symbol.dispose]: () => closed.abort() };
}
