import { definePlugin, type Plugin } from '@promptbin/core/views';
import * as z from 'zod';
import { type HttpAddress, httpAddress } from './http/address.ts';
import { serveManager } from './http/plugin.ts';

export interface McpOptions {
  /** Serves MCP over HTTP as long as the manager lives; `true` is at 127.0.0.1, port 7333. Default: off. */
  http?: boolean | { port?: number | undefined; host?: HttpAddress['host'] | undefined } | undefined;
}

declare module '@promptbin/core' {
  interface EventMap {
    /** MCP is served over HTTP; the bearer token is in the file. */
    'mcp.serving': { url: string; tokenFile: string };
    /** MCP is not served over HTTP, as when its port is taken; everything else goes on. */
    'mcp.serverFault': { host: string; port: number; message: string };
  }
}

const options = z
  .strictObject({
    http: z
      .union([z.boolean(), httpAddress])
      .transform((http) => (http === true ? httpAddress.parse({}) : http === false ? undefined : http))
      .optional()
      .describe('Serves MCP over HTTP as long as the manager lives; `true` is at 127.0.0.1, port 7333. Default: off.'),
  })
  .prefault({});

/**
 * Tells the processes by `PROMPTBIN_MODE=mcp-managed` that agents manage them. Serves MCP over HTTP when told to.
 *
 * @throws PromptbinError `PB_PLUGIN_OPTIONS`
 */
export const mcp: (options?: McpOptions) => Plugin<'mcp', z.ZodUndefined> = definePlugin({
  name: 'mcp',
  options,
  fields: z.undefined({ error: 'the plugin mcp has nothing to set for a single process; remove this key' }),
  setup(ctx) {
    ctx.hooks.env.tap('mode', (env) => ({ ...env, PROMPTBIN_MODE: 'mcp-managed' }));
    if (ctx.options.http !== undefined) serveManager(ctx, ctx.options.http);
  },
});
