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
  /** From the start of one check to the start of the next. Default 10 s. */
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
  timeout?: Duration | undefined;
  /** From the spawn to the first check. Default 0. */
  initialDelay?: Duration | undefined;
  /** Failed checks in a row that end the start early. Default: none, the deadline ends it. */
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
const path = z.string().startsWith('/', 'expected a path that starts with "/", such as "/health"');

const http = z
  .preprocess(
    (input) => (typeof input === 'string' ? { path: input } : input),
    z.strictObject({
      path,
      status: z.array(z.int().min(100).max(599)).min(1).optional(),
      json: z.record(z.string(), z.unknown()).optional(),
    }),
  )
  .optional();

const startup = z.strictObject({
  http,
  period,
  timeout: duration.optional(),
  initialDelay: duration.optional(),
  failureThreshold: count,
});

const check = z.strictObject({
  ...startup.shape,
  retries: z.int().min(0).max(10).optional(),
  successThreshold: count,
});

const plan = z
  .strictObject({
    ...check.shape,
    port: z.int().min(1).max(65_535).optional(),
    startup: startup.optional(),
    readiness: check.optional(),
    liveness: check.optional(),
  })
  .transform((parsed: ParsedFields, context): HealthPlan => {
    const made = completePlan(parsed);
    if ('plan' in made) return made.plan;
    context.issues.push({ code: 'custom', input: parsed, ...made.mistake });
    return z.NEVER;
  });

export const fields: z.ZodType<HealthPlan, HealthFields> = z.preprocess(
  (input) => (typeof input === 'string' ? { http: input } : input),
  plan,
) as unknown as z.ZodType<HealthPlan, HealthFields>;

/** Default options filled in; `periodMs` is undefined when no samples are taken. */
export const options: z.ZodType<{ readonly samplePeriodMs: number | undefined }, HealthOptions | undefined> = z
  .strictObject({ sample: z.union([z.literal(false), z.strictObject({ period })]).optional() })
  .default({})
  .transform(({ sample }) => ({ samplePeriodMs: sample === false ? undefined : (sample?.period ?? 5000) }));
