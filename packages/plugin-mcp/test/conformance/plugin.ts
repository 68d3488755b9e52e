import { definePlugin, type Plugin, type PluginContext, PromptbinError } from '@promptbin/core';
import * as z from 'zod';

type Context = PluginContext<undefined, undefined, never>;
const none = z.strictObject({});

// What of the suite's fixtures a plain command can be. The rest is in `tools.ts`.

/** @param onChange takes the plugin `extra` in or out */
export function fixtures(onChange: () => Promise<unknown>): Plugin {
  return named('fixtures', (ctx) => {
    ctx.command({
      name: 'fixture.text',
      tool: 'test_simple_text',
      summary: 'Answers simple text.',
      effect: 'read',
      input: none,
      run: () => 'This is a simple text response for testing.',
    });
    ctx.command({
      name: 'fixture.fail',
      tool: 'test_error_handling',
      summary: 'Fails.',
      effect: 'write',
      input: none,
      run() {
        throw new PromptbinError('PB_COMMAND_FAILED', 'This tool intentionally returns an error for testing');
      },
    });
    ctx.command({
      name: 'fixture.change',
      tool: 'test_trigger_tool_change',
      summary: 'Changes the list of tools.',
      effect: 'write',
      input: none,
      run: async () => void (await onChange()),
    });
    ctx.command({
      name: 'fixture.static',
      summary: 'A resource that stays as it is.',
      effect: 'read',
      input: none,
      resource: { uri: 'test://static-text', mimeType: 'text/plain' },
      run: () => 'This is the content of the static text resource.',
    });
    ctx.command({
      name: 'fixture.watched',
      summary: 'A resource to subscribe to.',
      effect: 'read',
      input: none,
      resource: { uri: 'test://watched-resource', mimeType: 'text/plain' },
      run: () => 'This is watched.',
    });
    ctx.command({
      name: 'fixture.template',
      summary: 'A resource for each id.',
      effect: 'read',
      input: z.strictObject({ id: z.string() }),
      resource: { uri: 'test://template/{id}/data' },
      run: ({ id }) => ({ id, templateTest: true, data: `Data for ID: ${id}` }),
    });
  });
}

export const extra: Plugin = named('extra', (ctx) => {
  ctx.command({
    name: 'extra.tool',
    tool: 'extra',
    summary: 'Extra.',
    effect: 'read',
    input: none,
    run: () => 'extra',
  });
});

function named(name: string, setup: (ctx: Context) => void): Plugin {
  return definePlugin({ name, options: z.undefined(), fields: z.undefined(), setup })() as unknown as Plugin;
}
