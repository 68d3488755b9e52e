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
  /**
   * How many restarts, in the window or without being stable in between, are not yet a crash loop. Default:
   * `shared.mcp.restart_threshold`, else 5.
   */
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

const policy = z.enum(['on-failure', 'always', 'never']);

export const settings: z.ZodType<ParsedSettings, RestartSettings> = z.strictObject({
  policy: policy
    .optional()
    .describe(
      '`always` means after a success too. A job that has no `restart` is never run again. Default: `on-failure`.',
    ),
  backoff: z
    .strictObject({
      initial: duration.optional().describe('Delay before the first retry. Default: `500ms`.'),
      factor: z.number().min(1).optional().describe('Each delay is this many times the one before. Default: `2`.'),
      max: duration.optional().describe('Longest delay. Default: `30s`.'),
      jitter: z
        .enum(['full', 'none'])
        .optional()
        .describe('`full` draws each delay evenly between the step before and its own. Default: `full`.'),
    })
    .optional()
    .describe('How long to wait between retries.'),
  resetAfter: duration
    .optional()
    .describe('Ready for this long, it counts as stable: the next delay is the initial one. Default: `10s`.'),
  maxRestarts: z
    .int()
    .min(0)
    .optional()
    .describe(
      'More restarts, in the window or without being stable in between, are a crash loop. Default: `shared.mcp.restart_threshold`, else `5`.',
    ),
  window: duration.optional().describe('The time in which `maxRestarts` are counted. Default: `60s`.'),
  successCodes: z
    .array(z.int().min(0).max(255))
    .optional()
    .describe('Exit codes that are no failure; 128 + n stands for signal n too. Default: `[0]`.'),
});

export const fields: z.ZodType<ParsedSettings, RestartFields> = z
  .union([policy.transform((when) => ({ policy: when })), settings])
  .describe('When to start it again after it has ended. A policy alone may stand for the whole.');

/**
 * The policy of a process: its own settings, else those of the plugin, else the defaults.
 *
 * @param threshold the default of `maxRestarts`
 */
export function completePolicy(own: ParsedSettings = {}, shared: ParsedSettings = {}, threshold = 5): Policy {
  return {
    when: own.policy ?? shared.policy ?? 'on-failure',
    backoff: {
      initialMs: own.backoff?.initial ?? shared.backoff?.initial ?? 500,
      factor: own.backoff?.factor ?? shared.backoff?.factor ?? 2,
      maxMs: own.backoff?.max ?? shared.backoff?.max ?? 30_000,
      jitter: own.backoff?.jitter ?? shared.backoff?.jitter ?? 'full',
    },
    resetAfterMs: own.resetAfter ?? shared.resetAfter ?? 10_000,
    maxRestarts: own.maxRestarts ?? shared.maxRestarts ?? threshold,
    windowMs: own.window ?? shared.window ?? 60_000,
    successCodes: own.successCodes ?? shared.successCodes ?? [0],
  };
}
