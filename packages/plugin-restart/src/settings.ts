import { type Duration, duration } from '@promptbin/core';
import * as z from 'zod';
import type { Policy } from './policy.ts';

/** What may be set, for one process or, as the options of the plugin, for all. */
export interface RestartSettings {
  /** Default `on-failure`. */
  policy?: Policy['when'] | undefined;
  backoff?:
    | {
        /** Delay before the first retry. Default 500 ms. */
        initial?: Duration | undefined;
        /** Each delay is this many times the one before. Default 2. */
        factor?: number | undefined;
        /** Longest delay. Default 30 s. */
        max?: Duration | undefined;
        /** `full` spreads each delay between the step before and its own. Default `full`. */
        jitter?: 'full' | 'none' | undefined;
      }
    | undefined;
  /** Ready for this long, it counts as stable: the next delay is the initial one. Default 10 s. */
  resetAfter?: Duration | undefined;
  /** How many restarts, in the window or without being stable in between, are not yet a crash loop. Default 5. */
  maxRestarts?: number | undefined;
  /** Default 60 s. */
  window?: Duration | undefined;
  /** Exit codes that are no failure; 128 + n stands for signal n too. Default [0]. */
  successCodes?: readonly number[] | undefined;
}

/** The policy alone is enough: `restart: 'always'`. */
export type RestartFields = Policy['when'] | RestartSettings;

/** Settings as parsed: durations in ms, what was left out still left out. */
export interface ParsedSettings {
  readonly policy?: Policy['when'] | undefined;
  readonly backoff?:
    | {
        readonly initial?: number | undefined;
        readonly factor?: number | undefined;
        readonly max?: number | undefined;
        readonly jitter?: 'full' | 'none' | undefined;
      }
    | undefined;
  readonly resetAfter?: number | undefined;
  readonly maxRestarts?: number | undefined;
  readonly window?: number | undefined;
  readonly successCodes?: readonly number[] | undefined;
}

export const settings: z.ZodType<ParsedSettings, RestartSettings> = z.strictObject({
  policy: z.enum(['on-failure', 'always', 'never']).optional(),
  backoff: z
    .strictObject({
      initial: duration.optional(),
      factor: z.number().min(1).optional(),
      max: duration.optional(),
      jitter: z.enum(['full', 'none']).optional(),
    })
    .optional(),
  resetAfter: duration.optional(),
  maxRestarts: z.int().min(0).optional(),
  window: duration.optional(),
  successCodes: z.array(z.int().min(0).max(255)).optional(),
});

// Not a union: its errors name no key.
export const fields: z.ZodType<ParsedSettings, RestartFields> = z.preprocess(
  (input) => (typeof input === 'string' ? { policy: input } : input),
  settings,
) as unknown as z.ZodType<ParsedSettings, RestartFields>;

/** The policy of a process: its own settings, else those of the plugin, else the defaults. */
export function completePolicy(own: ParsedSettings = {}, shared: ParsedSettings = {}): Policy {
  return {
    when: own.policy ?? shared.policy ?? 'on-failure',
    backoff: {
      initialMs: own.backoff?.initial ?? shared.backoff?.initial ?? 500,
      factor: own.backoff?.factor ?? shared.backoff?.factor ?? 2,
      maxMs: own.backoff?.max ?? shared.backoff?.max ?? 30_000,
      jitter: own.backoff?.jitter ?? shared.backoff?.jitter ?? 'full',
    },
    resetAfterMs: own.resetAfter ?? shared.resetAfter ?? 10_000,
    maxRestarts: own.maxRestarts ?? shared.maxRestarts ?? 5,
    windowMs: own.window ?? shared.window ?? 60_000,
    successCodes: own.successCodes ?? shared.successCodes ?? [0],
  };
}
