import { definePlugin, type Plugin, type PluginContext } from '@promptbin/core';
import * as z from 'zod';

type Context = PluginContext<undefined, undefined, never>;

/** A plugin without options and fields. */
export function plugin(name: string, setup: (ctx: Context) => void | Promise<void>): Plugin {
  return definePlugin({ name, options: z.undefined(), fields: z.undefined(), setup })() as unknown as Plugin;
}

/** Retries after each of `delays`, ms, when it failed; then it has no opinion. */
export function retries(...delays: number[]): Plugin {
  return plugin('retries', (ctx) => {
    ctx.hooks.decide.tap('retries', ({ attempt }, exit) => {
      const delayMs = delays[attempt];
      return delayMs === undefined || (exit.code === 0 && !exit.condemned) ? undefined : { action: 'retry', delayMs };
    });
  });
}
