import { PromptbinError } from '@promptbin/core/views';
import * as z from 'zod';

/** Only this machine is served: these are the names that the guard of the `Host` header lets in, too. */
const hosts = ['127.0.0.1', '::1', 'localhost'] as const;

/** Where clients find the server when nothing else is said. */
const defaultPort = 7333;

/** Where MCP is served over HTTP. */
export interface HttpAddress {
  /** Default 7333; 0 is any that is free. */
  readonly port: number;
  /** Default 127.0.0.1. */
  readonly host: (typeof hosts)[number];
}

export const httpAddress: z.ZodType<
  HttpAddress,
  { port?: number | undefined; host?: HttpAddress['host'] | undefined }
> = z.strictObject({
  port: z.int().min(0).max(65_535).default(defaultPort).describe('The port to listen on; `0` is any that is free.'),
  host: z
    .enum(hosts, { error: 'expected "127.0.0.1", "::1" or "localhost"; other machines are not served' })
    .default('127.0.0.1')
    .describe('The address to listen on; loopback only.'),
});

/** @throws PromptbinError `PB_MCP_HTTP` for an address of another machine, or no port */
export function parseAddress(input: z.input<typeof httpAddress> = {}): HttpAddress {
  const parsed = httpAddress.safeParse(input);
  if (parsed.success) return parsed.data;
  const { host, port } = input;
  const mistakes = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  throw new PromptbinError(
    'PB_MCP_HTTP',
    `MCP cannot be served at ${host ?? '127.0.0.1'}, port ${port}: ${mistakes}.`,
    {
      hint: 'Serve it at 127.0.0.1, on a port from 0 to 65535.',
    },
  );
}

/** As a client is told: `http://127.0.0.1:7333/mcp`. */
export function urlOf({ host, port }: HttpAddress): string {
  return `http://${host === '::1' ? '[::1]' : host}:${port}/mcp`;
}
