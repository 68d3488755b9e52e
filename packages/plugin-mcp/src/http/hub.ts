import type { ServerNotifier } from '@modelcontextprotocol/server';
import { call } from '../call.ts';
import { Offer } from '../offer.ts';
import { push } from '../push.ts';
import { listResources } from '../resources.ts';
import type { McpServerOptions } from '../server.ts';

/** What the requests of clients without a session share: what they are offered, and what is pushed to who listens. */
export interface Hub extends Disposable {
  readonly offer: Offer;
}

/** Follows the manager until it is disposed of, and tells `notifier`, which knows who has asked for what. */
export function createHub({ port, flaskProcess }: McpServerOptions, notifier: ServerNotifier): Hub {
  const closed = new AbortController();
  const offer = new Offer({
    port,
    flaskProcess,
    onToolsChanged: () => notifier.toolsChanged(),
    onResourcesChanged: () => notifier.resourcesChanged(),
  });
  push({
    port,
    flaskProcess,
    signal: closed.signal,
    updated: (uri) => notifier.resourceUpdated(uri),
    listChanged: () => notifier.resourcesChanged(),
    commandsChanged: () => offer.refresh(),
    async uris() {
      const ask = (command: string) => call(port, command, {}, { caller: 'mcp' });
      return (await listResources(await offer.resources(), ask)).map(({ uri }) => uri);
    },
    // Log messages are of the revisions with sessions.
    log: () => {},
  });
  return { offer, [Symbol.dispose]: () => closed.abort() };
}
