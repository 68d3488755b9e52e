import * as z from 'zod';
import type { Duration, Size } from '../contract/config.ts';

const msPerUnit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;
const bytesPerUnit = { b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 } as const;
const durationPattern = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/;
const sizePattern = /^(\d+(?:\.\d+)?)(b|kb|mb|gb)$/;

/** Milliseconds from a number of them or from text such as `500ms`, `2s`, `5m`, `1h`; undefined when it is neither. */
export function parseDuration(value: number | string): number | undefined {
  return parse(value, durationPattern, msPerUnit);
}

/** Bytes from a number of them or from text such as `256kb`, `10mb`; undefined when it is neither. */
export function parseSize(value: number | string): number | undefined {
  return parse(value, sizePattern, bytesPerUnit);
}

function parse<U extends string>(
  value: number | string,
  pattern: RegExp,
  units: Readonly<Record<U, number>>,
): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? value : undefined;
  const [, amount, unit] = pattern.exec(value) ?? [];
  return amount === undefined ? undefined : Math.round(Number(amount) * units[unit as U]);
}

function quantity<T>(expected: string, pattern: RegExp, units: Readonly<Record<string, number>>): z.ZodType<number, T> {
  const error = `expected ${expected}`;
  const schema = z
    .union([z.number().min(0, error), z.string().regex(pattern, error)], { error })
    .transform((value) => parse(value, pattern, units) ?? z.NEVER);
  // zod infers number | string for the input; the template type of the config is narrower.
  return schema as unknown as z.ZodType<number, T>;
}

/** Parses a duration to ms. */
export const duration: z.ZodType<number, Duration> = quantity<Duration>(
  'a duration, such as 500, "500ms", "2s", "5m" or "1h"',
  durationPattern,
  msPerUnit,
);
/** Parses a size to bytes. */
export const size: z.ZodType<number, Size> = quantity<Size>(
  'a size, such as 1024, "256kb" or "10mb"',
  sizePattern,
  bytesPerUnit,
);
