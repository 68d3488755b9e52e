import { resolve } from 'node:path';
import { definePlugin } from '@promptbin/core';
import * as z from 'zod';
import { Changes } from './changes.ts';
import { addCommands } from './commands.ts';
import { PromptStore } from './store.ts';

/**
 * Lets agents keep prompts: tools and resources over the files of the Flask app, under the same lock. The app may be down.
 * What others write is told as long as some process watches the folder.
 */
export const prompts = definePlugin({
  name: 'prompts',
  options: z.strictObject({
    folder: z.string().describe('Where the prompts are; relative to the folder of the config.'),
  }),
  fields: z.undefined(),
  requires: ['locks'],
  setup(ctx) {
    const folder = resolve(ctx.root, ctx.options.folder);
    const store = new PromptStore({ folder, locks: ctx.use('locks'), clock: ctx.clock });
    const changes = new Changes({
      store,
      folder,
      root: ctx.root,
      tell: (change) => ctx.emit('resource.changed', change),
    });
    addCommands((command) => ctx.command(command), store, changes);
    ctx.hooks.event.tap('follow', (event) => {
      // When the folder cannot be made or read, each command tells so by itself.
      if (event.type === 'manager.started') void store.prepare().catch(() => undefined);
      // Stated by plugin-fswatch. An event needs no import: who hears it need not know whose it is.
      if (event.type === 'files.changed') void changes.seen(event.data).catch(() => undefined);
    });
  },
});
