import { Server } from '@modelcontextprotocol/server';
import type { CommandPort } from '@promptbin/core/views';
import { Interest } from './interest.ts';
import { notify, unheard } from './notifications.ts';
import { Offer } from './offer.ts';
import { asker } from './requests/ask.ts';
import { answerCompletions } from './requests/completions.ts';
import { consentState } from './requests/consent.ts';
import { answerPrompts } from './requests/prompts.ts';
import { answerResources, answerSubscriptions } from './requests/resources.ts';
import { answerTools } from './requests/tools.ts';
import type { ToolChoice } from './settings.ts';

const instructions =
  'promptbin runs the processes of this project. Begin with list_processes. start_process and restart_process answer ' +
  'when the process is ready, or else tell why it is not. explain_process tells what is wrong and what to call next.';

export interface McpServerOptions {
  /** A manager, or the client of one. It may be gone for a while: the server stays up and says so. */
  readonly port: CommandPort;
  /** Shown to clients. */
  readonly version: string;
  /** Shown to clients. Default `promptbin`. */
  readonly name?: string;
  /** Which process `promptbin://flask-status` shows. Default: `web`, or else the first that has a port. */
  readonly flaskProcess?: string;
  /** Sets of tools beside the usual ones and those of the config, such as `admin`. Default: none. */
  readonly toolsets?: readonly string[];
  /** Offers only the tools that read. Default: as the config says, else false. */
  readonly readonly?: boolean;
  /** `modern` is protocol revision 2026-07-28, `legacy` everything before. Default `legacy`. */
  readonly era?: 'legacy' | 'modern';
}

/** What a server is given by whoever makes several of them, or knows more of the client. */
export interface ServerParts {
  /** Shared with others: then somebody else follows the manager, and pushes what it tells. */
  readonly offer?: Offer;
  /** What the client wants to hear of. */
  readonly interest?: Interest;
  readonly onUnknownToolsets?: (names: readonly string[]) => void;
  /** Called first: it may stand between the server and all that is set up. */
  readonly extend?: (server: Server) => void;
}

/**
 * A server for one connection: tools, resources and notifications over the commands and events of `port`.
 * It listens to the events from the handshake on, until it is closed.
 */
export function createMcpServer(options: McpServerOptions, parts: ServerParts = {}): Server {
  const { port, version, name = 'promptbin', era = 'legacy', flaskProcess } = options;
  // Not `McpServer`, which answers with what has been registered by then: who asks first must wait for the manager.
  const server = new Server(
    { name, title: 'promptbin', version },
    {
      instructions,
      capabilities: {
        tools: { listChanged: true },
        resources: { listChanged: true, subscribe: true },
        prompts: {},
        completions: {},
        ...(era === 'legacy' ? { logging: {} } : {}),
      },
      requestState: { verify: (state, ctx) => consentState.verify(state, ctx) },
    },
  );
  parts.extend?.(server);
  const offer =
    parts.offer ??
    new Offer({
      port,
      flaskProcess,
      choice: choiceOf(options),
      onUnknownToolsets: parts.onUnknownToolsets,
      onToolsChanged: () => unheard(server.sendToolListChanged()),
      onResourcesChanged: () => unheard(server.sendResourceListChanged()),
    });
  const ask = asker(server, port);
  const interest = parts.interest ?? new Interest(era);
  answerTools(server, offer, ask);
  answerResources(server, offer, ask);
  answerPrompts(server, offer, ask);
  answerCompletions(server, offer, ask);
  if (era === 'legacy') answerSubscriptions(server, offer, interest);
  if (parts.offer !== undefined) return server;
  notify(server, { port, flaskProcess, era, offer, interest });
  return server;
}

/** What is chosen beside what the config says. */
export function choiceOf({
  toolsets = [],
  readonly = false,
}: Pick<McpServerOptions, 'toolsets' | 'readonly'>): ToolChoice {
  return { toolsets, readonly };
}
