import { type Duration, duration, type Size, size } from '@promptbin/core';
import * as z from 'zod';

export interface MemoryLimitFields {
  /** Resident memory of the whole tree: bytes, or text such as `512mb`. */
  max: Size;
  /** How long it must be over `max` without a dip. Default `10s`. */
  for?: Duration | undefined;
}

export interface CpuLimitFields {
  /** Of the whole tree, in percent of one core: two busy cores are 200. */
  max: number;
  /** How long it must be over `max` without a dip. Default `30s`. */
  for?: Duration | undefined;
}

/** The keys of `health` that limit what a process may use. */
export interface LimitFields {
  memory?: MemoryLimitFields | undefined;
  cpu?: CpuLimitFields | undefined;
}

export interface Limit {
  /** Bytes, or percent of one core. */
  readonly max: number;
  readonly forMs: number;
}

export interface Limits {
  readonly memory?: Limit | undefined;
  readonly cpu?: Limit | undefined;
}

/** How often the resources of all processes are read; false for never. */
export type SampleOption = { period?: Duration | undefined } | false;

const lasting = (fallback: string): z.ZodType<number | undefined, Duration | undefined> =>
  duration.optional().describe(`How long it must be over \`max\` without a dip. Default: \`${fallback}\`.`);

const memory: z.ZodType<Limit, MemoryLimitFields> = z
  .strictObject({
    max: size.refine((bytes) => bytes > 0, 'expected more than 0 bytes').describe('Bytes, or text such as `512mb`.'),
    for: lasting('10s'),
  })
  .transform(({ max, for: forMs = 10_000 }) => ({ max, forMs }));

const cpu: z.ZodType<Limit, CpuLimitFields> = z
  .strictObject({
    max: z.number().positive().describe('In percent of one core: two busy cores are 200.'),
    for: lasting('30s'),
  })
  .transform(({ max, for: forMs = 30_000 }) => ({ max, forMs }));

/** To be spread into the schema of the fields. */
export const limitShape: {
  readonly memory: z.ZodOptional<typeof memory>;
  readonly cpu: z.ZodOptional<typeof cpu>;
} = {
  memory: memory
    .optional()
    .describe('Resident memory of the whole tree that it may not be over: a warning at 80 %, then it is restarted.'),
  cpu: cpu
    .optional()
    .describe('CPU of the whole tree that it may not be over: a warning at 80 %, then it is restarted.'),
};

/** How often it is read: while somebody looks, and while nobody does. */
export interface Sampling {
  readonly periodMs: number;
  readonly idlePeriodMs: number;
}

/** Without a period of one's own. */
const usual: Sampling = { periodMs: 5000, idlePeriodMs: 300_000 };

/** Undefined for never. */
export const sampleOption: z.ZodType<Sampling | undefined, SampleOption | undefined> = z
  .union([
    z.literal(false),
    z.strictObject({
      period: duration
        // Below this, reading itself becomes the load.
        .refine((ms) => ms >= 10, 'expected at least 10 ms')
        .optional()
        .describe('From one reading to the next. Default: `5s` while somebody looks, else `5m`.'),
    }),
  ])
  .optional()
  .transform((sample): Sampling | undefined => {
    if (sample === false) return undefined;
    const { period } = sample ?? {};
    return period === undefined ? usual : { periodMs: period, idlePeriodMs: period };
  })
  .describe('How often CPU and memory of all processes are read; `false` for never, but where there are limits.');
