import { Client, type Notification } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { bin } from './cli.ts';

export type Era = 'legacy' | 'modern';

/** A real MCP client with `promptbin mcp` as its server. */
export interface Agent {
  readonly client: Client;
  /** From the spawn to the answer of `initialize`, ms. */
  readonly connectedMs: number;
  readonly pushed: Notification[];
  call<T = Facts>(tool: string, input?: Record<string, unknown>): Promise<{ facts: T; text: string; isError: boolean }>;
  /** Resolves with the first pushed notification, past or to come, that fits. */
  arrived(fits: (notification: Notification) => boolean): Promise<Notification>;
  resource(uri: string): Promise<unknown>;
}

export interface Facts {
  readonly summary: string;
  readonly name: string;
  readonly phase: string;
  readonly ready: boolean;
  readonly url?: string;
  readonly pid?: number;
  readonly port?: number;
  readonly restarts: number;
  readonly generation: number;
  readonly verdict?: string;
  readonly cause?: { readonly code: string; readonly message: string };
  readonly evidence?: readonly string[];
}

export async function connectAgent(
  folder: string,
  { era = 'modern', env = {} }: { era?: Era; env?: Record<string, string> } = {},
): Promise<Agent> {
  const client = new Client(
    { name: 'e2e', version: '1' },
    { versionNegotiation: { mode: era === 'legacy' ? 'legacy' : { pin: '2026-07-28' } } },
  );
  const pushed: Notification[] = [];
  const looks = new Set<() => void>();
  const record = (notification: Notification): void => {
    pushed.push(notification);
    for (const look of looks) look();
  };
  client.setNotificationHandler('notifications/resources/updated', record);
  client.setNotificationHandler('notifications/message', record);
  client.setNotificationHandler('notifications/tools/list_changed', record);
  const began = performance.now();
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [bin, '--project', folder, 'mcp'],
    env: { ...(process.env as Record<string, string>), ...env },
    stderr: 'ignore',
  });
  await client.connect(transport);
  const connectedMs = performance.now() - began;
  return {
    client,
    connectedMs,
    pushed,
    async call<T>(tool: string, input: Record<string, unknown> = {}) {
      const { content, structuredContent, isError } = await client.callTool({ name: tool, arguments: input });
      const [block] = content;
      const text = block?.type === 'text' ? block.text : '';
      return { facts: structuredContent as T, text, isError: isError === true };
    },
    arrived(fits) {
      const { promise, resolve } = Promise.withResolvers<Notification>();
      const look = (): void => {
        const found = pushed.find(fits);
        if (found !== undefined) resolve(found);
      };
      looks.add(look);
      look();
      return promise.finally(() => looks.delete(look));
    },
    async resource(uri) {
      const { contents } = await client.readResource({ uri });
      const [content] = contents;
      return content !== undefined && 'text' in content ? JSON.parse(content.text) : undefined;
    },
  };
}
