import { fileURLToPath } from 'node:url';
import { Client, type ElicitResult, type Notification, type Transport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { toolSpecs } from '@promptbin/core';

export const eras = ['legacy', 'modern'] as const;
export type Era = (typeof eras)[number];

/** The tools of core that there are unless a config says otherwise. */
export const usualTools: readonly (string | undefined)[] = toolSpecs
  .filter(({ toolset }) => toolset === undefined)
  .map(({ tool }) => tool);

export const serverFile: string = fileURLToPath(new URL('../fixtures/server.ts', import.meta.url));

export interface Connection extends AsyncDisposable {
  readonly client: Client;
  /** What the tool answered; the list has been asked for, so the client checks answers against the output schemas. */
  tool(name: string, input?: Record<string, unknown>): Promise<ToolAnswer>;
  /** Everything that was pushed, in order. */
  readonly pushed: readonly Notification[];
  /** Resolves with the first pushed notification that fits, also with one that has come already. */
  arrived(fits: (notification: Notification) => boolean): Promise<Notification>;
}

export interface ToolAnswer {
  readonly text: string;
  readonly facts: Record<string, unknown>;
  readonly isError: boolean;
}

/** What the user says to a question of the server. */
type Answer = (message: string) => ElicitResult | Promise<ElicitResult>;

/**
 * A real client over real pipes to a server process.
 *
 * @param answer what the user says when the server asks; without it the client cannot ask
 */
export function connect(era: Era, args: readonly string[] = [serverFile], answer?: Answer): Promise<Connection> {
  const transport = new StdioClientTransport({ command: process.execPath, args: [...args], stderr: 'ignore' });
  return connectBy(era, transport, answer);
}

export async function connectBy(era: Era, transport: Transport, answer?: Answer): Promise<Connection> {
  const client = new Client(
    { name: 'test-client', version: '1' },
    {
      versionNegotiation: { mode: era === 'legacy' ? 'legacy' : { pin: '2026-07-28' } },
      ...(answer && { capabilities: { elicitation: {} } }),
    },
  );
  if (answer) client.setRequestHandler('elicitation/create', ({ params }) => answer(params.message));
  const pushed: Notification[] = [];
  const waiting = new Set<() => void>();
  const record = (notification: Notification): void => {
    pushed.push(notification);
    for (const look of waiting) look();
  };
  client.setNotificationHandler('notifications/resources/updated', record);
  client.setNotificationHandler('notifications/message', record);
  client.setNotificationHandler('notifications/tools/list_changed', record);
  client.setNotificationHandler('notifications/resources/list_changed', record);
  await client.connect(transport);
  await client.listTools();
  return {
    client,
    pushed,
    async tool(name, input = {}) {
      const { content, structuredContent, isError } = await client.callTool({ name, arguments: input });
      const [block] = content;
      return {
        text: block?.type === 'text' ? block.text : '',
        facts: structuredContent as Record<string, unknown>,
        isError: isError === true,
      };
    },
    arrived(fits) {
      const { promise, resolve } = Promise.withResolvers<Notification>();
      const look = (): void => {
        const found = pushed.find(fits);
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
      return promise;
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}

export async function subscribe({ client }: Connection, era: Era, ...uris: readonly string[]): Promise<void> {
  if (era === 'modern') {
    await client.listen({ resourceSubscriptions: [...uris] });
    return;
  }
  for (const uri of uris) await client.subscribeResource({ uri });
}
