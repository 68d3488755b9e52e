import { type Duration, duration } from '@promptbin/core';
import * as z from 'zod';

export interface WatchSettings {
  /** Folders and files, relative to the folder of the config. Default ['.']. */
  paths?: readonly string[] | undefined;
  /** Globs of the files that count. Default ['**\/*']. */
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

const text = z.string().min(1, 'expected some text');
const some = (what: string) => z.array(text).min(1, `expected at least one ${what}`);

const settings = z.strictObject({
  paths: some('path').default(['.']).describe('Folders and files to watch, relative to the folder of the config.'),
  include: some('glob').default(['**/*']).describe('Globs of the files that count.'),
  ignore: z
    .array(text)
    .default([])
    .describe('Globs of files and folders that do not count, beside the built-in ones such as `node_modules`.'),
  debounce: duration.prefault('50ms').describe('This long without a change ends a burst of changes.'),
  maxWait: duration.prefault('2s').describe('A burst that goes on is acted upon after this long.'),
  action: z
    .enum(['restart', 'notify'])
    .default('restart')
    .describe('`notify` states the event `files.changed` and leaves the process alone.'),
});

const shorthand = z
  .union([z.literal(true), text, some('path')])
  .transform(
    (value): z.input<typeof settings> => (value === true ? {} : { paths: typeof value === 'string' ? [value] : value }),
  )
  .pipe(settings);

export const fields: z.ZodType<WatchPlan, WatchFields> = z
  .union([shorthand, settings])
  .transform(({ debounce, maxWait, ...rest }) => ({ ...rest, debounceMs: debounce, maxWaitMs: maxWait }))
  .describe('Restart it when its files change. `true` watches the folder of the config; a path or a list is `paths`.');
