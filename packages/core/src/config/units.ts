import bytes from 'bytes';
import ms, { type StringValue } from 'ms';
import * as z from 'zod';
import type { Duration, Size } from '../contract/config.ts';

/** A kind of quantity: what is written for it, and the library that knows its units. */
interface Quantity {
  readonly expected: string;
  /** Stricter than the library: `ms` takes a bare number as text for milliseconds, `bytes` takes "12abc" for 12. */
  readonly pattern: RegExp;
  /** Largest first. */
  readonly units: readonly string[];
  parse(text: string): number | null | undefined;
  /** What was probably meant, for the library. */
  tidy(text: string): string;
}

const durations: Quantity = {
  expected: 'expected a duration, such as 500, "500ms", "2s", "5m" or "1h"',
  pattern: /^\d+(\.\d+)?(ms|s|m|h)$/,
  units: ['h', 'm', 's', 'ms'],
  // Of empty and of very long text it throws.
  parse: (text) => (text === '' || text.length > 100 ? undefined : ms(text as StringValue)),
  tidy: (text) => text.trim(),
};

const sizes: Quantity = {
  expected: 'expected a size, such as 1024, "256kb" or "10mb"',
  pattern: /^(\d+b|\d+(\.\d+)?(kb|mb|gb))$/,
  units: ['gb', 'mb', 'kb', 'b'],
  parse: (text) => (/^(\d+ *b?|\d+(\.\d+)? *[kmgt]b)$/i.test(text) ? bytes.parse(text) : undefined),
  // `10MiB`; `10m` and `10Mi`, as Docker and Kubernetes write it.
  tidy: (text) => text.trim().replace(/([kmgt])i?b?$/i, '$1b'),
};

/** Milliseconds from a number of them or from text such as `500ms`, `2s`, `5m`, `1h`; undefined when it is neither. */
export function parseDuration(value: number | string): number | undefined {
  return parse(value, durations);
}

/** Bytes from a number of them or from text such as `256kb`, `10mb`; undefined when it is neither. */
export function parseSize(value: number | string): number | undefined {
  return parse(value, sizes);
}

/** Parses a duration to ms. */
export const duration: z.ZodType<number, Duration> = schemaOf<Duration>(durations);
/** Parses a size to bytes. */
export const size: z.ZodType<number, Size> = schemaOf<Size>(sizes);

function parse(value: number | string, { pattern, parse: read }: Quantity): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? value : undefined;
  const amount = pattern.test(value) ? read(value) : undefined;
  return typeof amount === 'number' ? Math.round(amount) : undefined;
}

/** How `text` is written here, when the library understands it: `5s` for "5 seconds". */
function suggest(text: string, { parse: read, tidy, units }: Quantity): string | undefined {
  const amount = read(tidy(text));
  if (typeof amount !== 'number' || !Number.isSafeInteger(amount) || amount < 0) return undefined;
  const unit = units.find((name) => amount % (read(`1${name}`) ?? 1) === 0 && (amount > 0 || name === units.at(-1)));
  return unit && `${amount / (read(`1${unit}`) ?? 1)}${unit}`;
}

function schemaOf<T>(quantity: Quantity): z.ZodType<number, T> {
  const { expected, pattern } = quantity;
  const schema = z
    // The limits stand in the JSON Schema only: what is checked below can say what was meant.
    .union([z.number().meta({ minimum: 0 }), z.string().meta({ pattern: pattern.source })], { error: expected })
    .transform((value, context) => {
      const amount = parse(value, quantity);
      if (amount !== undefined) return amount;
      const guess = typeof value === 'string' ? suggest(value, quantity) : undefined;
      const hint = guess === undefined ? undefined : `Did you mean ${JSON.stringify(guess)}?`;
      context.issues.push({ code: 'custom', input: value, message: expected, params: { hint } });
      return z.NEVER;
    });
  // zod infers number | string for the input; the template type of the config is narrower.
  return schema as unknown as z.ZodType<number, T>;
}
