import { type Duration, duration } from '@promptbin/core';
import * as z from 'zod';

/** Who is restarted when a member has failed: only it, it and those behind it in the config, or all of the group. */
export type Strategy = 'one' | 'rest' | 'all';

export interface GroupSettings {
  /** Default `one`. */
  strategy?: Strategy | undefined;
  /** How many failures of all members together, in the window, are not yet a crash loop. Default 5. */
  maxRestarts?: number | undefined;
  /** Default 60 s. */
  window?: Duration | undefined;
}

/** Every default filled in. */
export interface ParsedGroup {
  readonly strategy: Strategy;
  readonly maxRestarts: number;
  readonly window: number;
}

const group = z.strictObject({
  strategy: z
    .enum(['one', 'rest', 'all'])
    .default('one')
    .describe('Who is restarted when a member has failed: only it, it and those behind it in the config, or all.'),
  maxRestarts: z
    .int()
    .min(1)
    .default(5)
    .describe('More failures of all members together, in the window, and the whole group is given up.'),
  window: duration.default(60_000).describe('The time in which `maxRestarts` are counted.'),
});

export const groups: z.ZodType<Readonly<Record<string, ParsedGroup>>, Readonly<Record<string, GroupSettings>>> = z
  .record(z.string().min(1), group)
  .describe('Processes that are restarted together, by the name that their `restart.group` says. Default: none.');
