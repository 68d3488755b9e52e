import { definePlugin, type Plugin } from '@promptbin/core/views';
import * as z from 'zod';
import { choiceCommand, type ToolChoiceInput, toolChoice } from './choice.ts';

/** Of the plugin; nothing can be set for a single process. */
export type McpOptions = ToolChoiceInput;

/** Tells the processes by `PROMPTBIN_MODE=mcp-managed` that agents manage them, and says which tools agents get. */
export const mcp: (options?: McpOptions) => Plugin<'mcp', z.ZodUndefined> = definePlugin({
  name: 'mcp',
  options: toolChoice.prefault({}),
  fields: z.undefined({ error: 'the plugin mcp has nothing to set for a single process; remove this key' }),
  setup({ hooks, options, command }) {
    hooks.env.tap('mode', (env) => ({ ...env, PROMPTBIN_MODE: 'mcp-managed' }));
    command({
      name: choiceCommand,
      summary: 'Which tools agents get, as configured.',
      effect: 'read',
      input: z.strictObject({}),
      run: () => options,
    });
  },
});
