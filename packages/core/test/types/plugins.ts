import * as z from 'zod';
import { type Duration, definePlugin, duration, type Json, type Plugin } from '../../src/index.ts';

export const health = definePlugin({
  name: 'health',
  options: z.strictObject({ period: duration }).optional(),
  fields: z.union([z.string(), z.strictObject({ http: z.string().optional(), period: duration.optional() })]),
  setup() {},
});

export const restart = definePlugin({
  name: 'restart',
  options: z.undefined(),
  fields: z.strictObject({ policy: z.enum(['always', 'on-failure']), delays: z.array(duration).optional() }),
  setup() {},
});

/** Lists that are not readonly, a tuple, and values of any kind. */
export const tag = definePlugin({
  name: 'tag',
  options: z.strictObject({ colour: z.enum(['red', 'blue']) }),
  fields: z.object({
    list: z.array(z.string()),
    pair: z.tuple([z.string(), z.number()]).optional(),
    any: z.unknown().optional(),
  }),
  setup() {},
});

interface WantFields {
  /** JSON, which holds itself, or an object with a function. */
  json?: Readonly<Record<string, Json>> | { check: (value: unknown) => boolean } | undefined;
  schema?: { readonly '~standard': { readonly version: 1 } } | undefined;
}

export const want = definePlugin({
  name: 'want',
  options: z.undefined(),
  fields: z.unknown() as z.ZodType<unknown, WantFields>,
  setup() {},
}) satisfies () => Plugin;

export const command = 'node server.js';
export const pause: Duration = '5s';
