import type { IncomingMessage, ServerResponse } from 'node:http';
import type { McpHttpHandler } from '@promptbin/plugin-mcp';
import { version } from '../version.ts';
import type { ManagerSource } from './source.ts';

export interface McpMountOptions {
  readonly source: ManagerSource;
  /** A client is there until this is disposed of. */
  readonly join: () => Disposable;
}

/** MCP on the control socket. Loaded with the first request: most managers are never asked. */
export class McpMount implements AsyncDisposable {
  readonly #options: McpMountOptions;
  #handler: Promise<McpHttpHandler> | undefined;

  constructor(options: McpMountOptions) {
    this.#options = options;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#handler ??= this.#load();
    await (await this.#handler).handle(request, response);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#handler)?.close();
  }

  async #load(): Promise<McpHttpHandler> {
    const { createMcpHttpHandler } = await import('@promptbin/plugin-mcp');
    const { source, join } = this.#options;
    return createMcpHttpHandler({ port: source, version, join });
  }
}
