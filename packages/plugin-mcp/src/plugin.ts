import { definePlugin, type Plugin } from '@promptbin/core/views';
import * as z from 'zod';

/** Tells the processes by `PROMPTBIN_MODE=mcp-managed` that agents manage them. Has no options. */
export const mcp: (options?: Record<string, never>) => Plugin<'mcp', z.ZodUndefined> = definePlugin({
  name: 'mcp',
  options: z.strictObject({}).optional(),
  fields: z.undefined({ error: 'the plugin mcp has nothing to set for a single process; remove this key' }),
  setup({ hooks }) {
    hooks.env.tap('mode', (env) => ({ ...env, PROMPTBIN_MODE: 'mcp-managed' }));
  },
});
