import { type Duration, duration } from '@promptbin/core';
import * as z from 'zod';

export interface WatchSettings {
  /** Folders and files, relative to the folder of the config. Default ['.']. */
  paths?: readonly string[] | undefined;
  /** Globs of the files that count. Default every file. */
  include?: readonly string[] | undefined;
  /** Globs of files and folders that do not, beside the built-in ones. */
  ignore?: readonly string[] | undefined;
  /** This long without a change ends a burst. Default 50 ms. */
  debounce?: Duration | undefined;
  /** A burst that goes on is acted upon after this long. Default 2 s. */
  maxWait?: Duration | undefined;
  /** `notify` states the event `files.changed` and leaves the process alone. Default `restart`. */
  action?: 'restart' | 'notify' | undefined;
}

/** `true` is all defaults; a path or a list of them is `paths`. */
export type WatchFields = true | string | readonly string[] | WatchSettings;

/** What to watch for one process, every default filled in. */
export interface WatchPlan {
  readonly paths: readonly string[];
  readonly include: readonly string[];
  readonly ignore: readonly string[];
  readonly debounceMs: number;
  readonly maxWaitMs: number;
  readonly action: 'restart' | 'notify';
}

/** The plugin itself has nothing to set. */
export type NoOptions = Record<string, never>;

export const options: z.ZodType<unknown, NoOptions | undefined> = z.strictObject({}).optional() as z.ZodType<
  unknown,
  NoOptions | undefined
>;

const globs = z.array(z.string().min(1));

const settings = z
  .strictObject({
    paths: globs.min(1).default(['.']),
    include: globs.min(1).default(['**/*']),
    ignore: globs.default([]),
    debounce: duration.default(50),
    maxWait: duration.default(2000),
    action: z.enum(['restart', 'notify']).default('restart'),
  })
  .transform(({ debounce, maxWait, ...rest }): WatchPlan => ({ ...rest, debounceMs: debounce, maxWaitMs: maxWait }));

// Not a union: its errors name no key.
export const fields: z.ZodType<WatchPlan, WatchFields> = z.preprocess((input) => {
  if (input === true) return {};
  if (typeof input === 'string') return { paths: [input] };
  return Array.isArray(input) ? { paths: input } : input;
}, settings) as unknown as z.ZodType<WatchPlan, WatchFields>;
