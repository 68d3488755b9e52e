import type { ServerNotifier } from '@modelcontextprotocol/server';
import { call } from '../call.ts';
import { followOutput } from '../follow-output.ts';
import type { Interest } from '../interest.ts';
import { Offer } from '../offer.ts';
import { push } from '../push.ts';
import { listResources } from '../resources.ts';
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
  const { signal } = closed;
  const updated = (uri: string): void => notifier.resourceUpdated(uri);
  void followOutput({ port, signal, interest, updated });
  push({
    port,
    flaskProcess,
    signal,
    updated,
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
