import type { ServerResponse } from 'node:http';

export interface Refusal {
  readonly status: number;
  readonly message: string;
  /** Of JSON-RPC. Default -32000, an error of the server. */
  readonly code?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Refuses a request in the shape that MCP has for it: an error of JSON-RPC that belongs to no call. */
export function refuse(response: ServerResponse, { status, message, code = -32_000, headers = {} }: Refusal): void {
  const body = JSON.stringify({ jsonrpc: '2.0', error: { code, message }, id: null });
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
}
