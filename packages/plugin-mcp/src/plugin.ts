import { definePlugin, type Plugin } from '@promptbin/core/views';
import * as z from 'zod';
import { choiceCommand } from './choice.ts';
import { serveManager } from './http/plugin.ts';
import { type McpOptions, options } from './settings.ts';

declare module '@promptbin/core' {
  interface EventMap {
    /** MCP is served over HTTP; the bearer token is in the file. */
    'mcp.serving': { url: string; tokenFile: string };
    /** MCP is not served over HTTP, as when its port is taken; everything else goes on. */
    'mcp.serverFault': { host: string; port: number; message: string };
  }
}

/**
 * Tells the processes by `PROMPTBIN_MODE=mcp-managed` that agents manage them, says which tools agents get, and serves MCP
 * over HTTP when told to.
 *
 * @throws PromptbinError `PB_PLUGIN_OPTIONS`
 */
export const mcp: (options?: McpOptions) => Plugin<'mcp', z.ZodUndefined> = definePlugin({
  name: 'mcp',
  options,
  fields: z.undefined({ error: 'the plugin mcp has nothing to set for a single process; remove this key' }),
  setup(ctx) {
    const { http, ...choice } = ctx.options;
    ctx.hooks.env.tap('mode', (env) => ({ ...env, PROMPTBIN_MODE: 'mcp-managed' }));
    ctx.command({
      name: choiceCommand,
      summary: 'Which tools agents get, as configured.',
      effect: 'read',
      input: z.strictObject({}),
      run: () => choice,
    });
    if (http !== undefined) serveManager(ctx, { address: http, choice });
  },
});
