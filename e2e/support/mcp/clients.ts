import { Client, type Progress, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as StdioClientTransport1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as StreamableHTTPClientTransport1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport as Transport1 } from '@modelcontextprotocol/sdk/shared/transport.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import type { Way } from './doors.ts';

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onprogress?: (progress: Progress) => void;
}

/** An agent, whatever it is made with. A person who is asked agrees. */
export interface McpClient {
  /** What the tool answers, with `isError` when it is one. */
  call(tool: string, input?: Record<string, unknown>, options?: CallOptions): Promise<Answer>;
  /** How often a person was asked. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

export interface Answer extends Readonly<Record<string, unknown>> {
  readonly isError: boolean;
}

const info = { name: 'matrix', version: '1' };
const agreed = { action: 'accept', content: { agree: true } } as const;
const answerOf = ({ structuredContent, isError }: Record<string, unknown>): Answer => ({
  ...Object(structuredContent),
  isError: isError === true,
});

/** Clients of both generations of the SDK, each in the revision that it was made for. */
export const clients: Readonly<Record<'2025-11-25' | '2026-07-28', (way: Way) => Promise<McpClient>>> = {
  async '2025-11-25'(way) {
    const asked: string[] = [];
    const client = new Client1(info, { capabilities: { elicitation: {} } });
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
      asked.push(params.message);
      return agreed;
    });
    const transport =
      way.kind === 'stdio'
        ? new StdioClientTransport1({ ...way, stderr: 'ignore' })
        : new StreamableHTTPClientTransport1(way.url, way);
    await client.connect(transport as Transport1);
    return {
      asked,
      call: async (name, input = {}, options = {}) =>
        answerOf(await client.callTool({ name, arguments: input }, undefined, options)),
      close: () => client.close(),
    };
  },
  async '2026-07-28'(way) {
    const asked: string[] = [];
    const client = new Client(info, {
      capabilities: { elicitation: {} },
      versionNegotiation: { mode: { pin: '2026-07-28' } },
    });
    client.setRequestHandler('elicitation/create', ({ params }) => {
      asked.push(params.message);
      return agreed;
    });
    const transport =
      way.kind === 'stdio'
        ? new StdioClientTransport({ ...way, stderr: 'ignore' })
        : new StreamableHTTPClientTransport(way.url, way);
    await client.connect(transport);
    return {
      asked,
      call: async (name, input = {}, options = {}) =>
        answerOf(await client.callTool({ name, arguments: input }, options)),
      close: () => client.close(),
    };
  },
};
