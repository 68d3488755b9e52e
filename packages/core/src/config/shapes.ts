import * as z from 'zod';
import type { EnvInput } from '../contract/config.ts';

/** A schema for each key of `T`: a key that is missing, or is not in the type, does not compile. */
export type Shape<T> = Readonly<Record<keyof NonNullable<T>, z.ZodType>>;

export const text: z.ZodString = z.string().min(1, 'expected some text');

/** What to say when something else stands in the place of an object; of what is wrong inside, zod says it. */
export const objectLike =
  (example: string): z.core.$ZodErrorMap =>
  ({ code }) =>
    code === 'invalid_type' ? `expected an object such as ${example}` : undefined;

export const env: z.ZodType<EnvInput> = z
  .record(
    z.string().regex(/^[^=\0]+$/, 'is no name of a variable'),
    z.union([z.string(), z.number(), z.boolean(), z.null()], {
      error: 'expected a text, a number, true, false or null',
    }),
    { error: objectLike('{ "NAME": "value" }') },
  )
  .default({});

export const list = (expected: string): z.ZodType<readonly string[]> =>
  z
    .union([text, z.array(text)], { error: `expected ${expected} or a list of them` })
    .transform((value) => (typeof value === 'string' ? [value] : value))
    .default([]);
