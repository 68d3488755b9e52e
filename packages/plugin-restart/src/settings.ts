import { type Duration, duration } from '@promptbin/core';
import * as z from 'zod';
import type { Jitter } from './backoff.ts';
import { type GroupSettings, groups, type ParsedGroup } from './groups/settings.ts';
import type { Policy, When } from './policy.ts';
import { type ParsedSchedule, type ScheduleFields, schedule } from './schedule/settings.ts';

/** What may be set, for one process or, as the options of the plugin, for all. */
export interface RestartSettings {
  /** Default `on-failure`. */
  policy?: When | undefined;
  backoff?:
    | {
        /** Delay before the first retry. Default 500 ms. */
        initial?: Duration | undefined;
        /** Each delay is this many times the one before. Default 2. */
        factor?: number | undefined;
        /** Longest delay. Default 30 s. */
        max?: Duration | undefined;
        /** `full` draws each delay between the step before and its own, `equal` from the upper half of its own. Default `full`. */
        jitter?: Jitter | undefined;
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
  /** Exit codes after which it is not tried again; 128 + n stands for signal n too. Default []. */
  noRestartCodes?: readonly number[] | undefined;
}

export interface RestartOptions extends RestartSettings {
  /** Processes that are restarted together, by the name that their `restart.group` says. */
  groups?: Readonly<Record<string, GroupSettings>> | undefined;
}

/** The policy alone is enough: `restart: 'always'`. */
export type RestartFields =
  | When
  | (RestartSettings & {
      /** One of the plugin's `groups`. */
      group?: string | undefined;
      /** When to restart a service, or to run a job, by the clock on the wall. */
      schedule?: ScheduleFields | undefined;
    });

/** Settings as parsed: durations in ms, what was left out still left out. */
export interface ParsedSettings {
  readonly policy?: When | undefined;
  readonly backoff?:
    | {
        readonly initial?: number | undefined;
        readonly factor?: number | undefined;
        readonly max?: number | undefined;
        readonly jitter?: Jitter | undefined;
      }
    | undefined;
  readonly resetAfter?: number | undefined;
  readonly maxRestarts?: number | undefined;
  readonly window?: number | undefined;
  readonly successCodes?: readonly number[] | undefined;
  readonly noRestartCodes?: readonly number[] | undefined;
}

export interface ParsedOptions extends ParsedSettings {
  readonly groups?: Readonly<Record<string, ParsedGroup>> | undefined;
}

export interface ParsedFields extends ParsedSettings {
  readonly group?: string | undefined;
  readonly schedule?: ParsedSchedule | undefined;
}

const policy = z.enum(['on-failure', 'always', 'never', 'unless-stopped']);
const codes = z.array(z.int().min(0).max(255)).optional();

const shape = {
  policy: policy
    .optional()
    .describe(
      '`always` means after a success too; `unless-stopped` is `always`, and stays stopped in a new manager when it was stopped on request. A job that sets nothing of this is never run again. Default: `on-failure`.',
    ),
  backoff: z
    .strictObject({
      initial: duration.optional().describe('Delay before the first retry. Default: `500ms`.'),
      factor: z.number().min(1).optional().describe('Each delay is this many times the one before. Default: `2`.'),
      max: duration.optional().describe('Longest delay. Default: `30s`.'),
      jitter: z
        .enum(['full', 'equal', 'none'])
        .optional()
        .describe(
          '`full` draws each delay evenly between the step before and its own, `equal` from the upper half of its own. Default: `full`.',
        ),
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
  successCodes: codes.describe('Exit codes that are no failure; 128 + n stands for signal n too. Default: `[0]`.'),
  noRestartCodes: codes.describe(
    'Exit codes after which it is not tried again; 128 + n stands for signal n too. Default: `[]`.',
  ),
};

export const options: z.ZodType<ParsedOptions, RestartOptions | undefined> = z
  .strictObject({ ...shape, groups: groups.optional() })
  .prefault({});

export const fields: z.ZodType<ParsedFields, RestartFields> = z
  .union([
    policy.transform((when) => ({ policy: when })),
    z.strictObject({
      ...shape,
      group: z.string().min(1).optional().describe("One of the plugin's `groups`. Default: none."),
      schedule: schedule
        .optional()
        .describe(
          'When to restart a service, or to run a job: a cron expression, or an object with more. Default: never.',
        ),
    }),
  ])
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
    noRestartCodes: own.noRestartCodes ?? shared.noRestartCodes ?? [],
  };
}
