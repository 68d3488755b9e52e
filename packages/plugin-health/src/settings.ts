import { type Duration, duration } from '@promptbin/core';
import * as z from 'zod';
import { completePlan, type HealthPlan, type ParsedFields } from './plan.ts';

/** A path, or a path with what makes its answer a good one. */
export type HttpFields =
  | string
  | {
      path: string;
      /** Good status codes. Default: any 2xx. */
      status?: readonly number[] | undefined;
      /** Keys of the JSON object that is answered, each with the value it must have. */
      json?: Readonly<Record<string, unknown>> | undefined;
    };

interface Timing {
  /** From the start of one check to the start of the next. Default: `shared.mcp.health_check_interval`, else 10 s. */
  period?: Duration | undefined;
  /** For one answer. Default 2 s. */
  timeout?: Duration | undefined;
  /** How often a failed check is tried again at once, as long as its timeout lasts. Default 2. */
  retries?: number | undefined;
  /** Failed checks in a row that turn the verdict. Default 3. */
  failureThreshold?: number | undefined;
  /** Good checks in a row that turn it back. Default 1. */
  successThreshold?: number | undefined;
  /** From being ready to the first check. Default 0. */
  initialDelay?: Duration | undefined;
}

/** One kind of check; what is left out is as in the fields around it. */
export interface CheckFields extends Timing {
  http?: HttpFields | undefined;
}

/** Checks while it starts, until the first good answer or `ready.timeout`. */
export interface StartupFields {
  http?: HttpFields | undefined;
  /** Default 250 ms. */
  period?: Duration | undefined;
  /** For one answer. Default 2 s. */
  timeout?: Duration | undefined;
  /** From the spawn to the first check. Default 0. */
  initialDelay?: Duration | undefined;
  /** Failed checks in a row that end the start early. Default: none, `ready.timeout` ends it. */
  failureThreshold?: number | undefined;
}

/** A string is the `http` path. */
export type HealthFields =
  | string
  | (CheckFields & {
      /** Default: the port of the process. */
      port?: number | undefined;
      startup?: StartupFields | undefined;
      readiness?: CheckFields | undefined;
      liveness?: CheckFields | undefined;
    });

export interface HealthOptions {
  /** How often CPU and memory of all processes are taken; false for never. Default every 5 s. */
  sample?: { period?: Duration | undefined } | false | undefined;
}

// Below this, polling itself becomes the load.
const period = duration.refine((ms) => ms >= 10, 'expected at least 10 ms').optional();
const count = z.int().min(1).max(1000).optional();
const path = z.string().regex(/^\//, 'expected a path that starts with "/", such as "/health"');

const http = z
  .union([
    path.transform((value) => ({ path: value })),
    z.strictObject({
      path: path.describe('The path to ask for.'),
      status: z.array(z.int().min(100).max(599)).min(1).optional().describe('Good status codes. Default: any 2xx.'),
      json: z
        .record(z.string(), z.json())
        .optional()
        .describe('Keys of the JSON object that is answered, each with the value it must have.'),
    }),
  ])
  .optional()
  .describe('A path to ask for, or a path with what makes its answer a good one.');

const timeout = duration.optional().describe('For one answer. Default: `2s`.');

const startup = z.strictObject({
  http,
  period: period.describe('From the start of one check to the start of the next. Default: `250ms`.'),
  timeout,
  initialDelay: duration.optional().describe('From the spawn to the first check. Default: `0`.'),
  failureThreshold: count.describe(
    'Failed checks in a row that end the start early. Default: none, `ready.timeout` ends it.',
  ),
});

const check = z.strictObject({
  http,
  period: period.describe(
    'From the start of one check to the start of the next. Default: `shared.mcp.health_check_interval`, else `10s`.',
  ),
  timeout,
  initialDelay: duration.optional().describe('From being ready to the first check. Default: `0`.'),
  failureThreshold: count.describe('Failed checks in a row that turn the verdict. Default: `3`.'),
  successThreshold: count.describe('Good checks in a row that turn it back. Default: `1`.'),
  retries: z
    .int()
    .min(0)
    .max(10)
    .optional()
    .describe('How often a failed check is tried again at once, as long as its timeout lasts. Default: `2`.'),
});

const settings = z.strictObject({
  ...check.shape,
  port: z.int().min(1).max(65_535).optional().describe('The port to ask. Default: the port of the process.'),
  startup: startup.optional().describe('Checks while it starts, until the first good answer or `ready.timeout`.'),
  readiness: check
    .optional()
    .describe('Whether it can serve: keeps the condition `ready`. What is left out is as in the fields around it.'),
  liveness: check
    .optional()
    .describe(
      'Whether it works at all: keeps the condition `healthy`. What is left out is as in the fields around it.',
    ),
});

export const fields: z.ZodType<HealthPlan, HealthFields> = z
  .union([path.transform((value) => ({ http: { path: value } })), settings])
  .transform((parsed: ParsedFields, context) => {
    const made = completePlan(parsed);
    if ('plan' in made) return made.plan;
    context.issues.push({ code: 'custom', input: parsed, ...made.mistake });
    return z.NEVER;
  })
  .describe('Checks by HTTP. A path alone means readiness and liveness on it.');

/** Default options filled in; `periodMs` is undefined when no samples are taken. */
export const options: z.ZodType<{ readonly samplePeriodMs: number | undefined }, HealthOptions | undefined> = z
  .strictObject({
    sample: z
      .union([
        z.literal(false),
        z.strictObject({ period: period.describe('From one sample to the next. Default: `5s`.') }),
      ])
      .optional()
      .describe('How often CPU and memory of all processes are taken; `false` for never.'),
  })
  .default({})
  .transform(({ sample }) => ({ samplePeriodMs: sample === false ? undefined : (sample?.period ?? 5000) }));
