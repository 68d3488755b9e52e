import { type CommandLine, commandLine, duration, signalName } from '@promptbin/core';
import * as z from 'zod';
import type { ActionFields, WatchFields } from './fields.ts';

/** What follows a change. */
export type Action =
  | { readonly kind: 'restart' }
  | { readonly kind: 'notify' }
  | { readonly kind: 'signal'; readonly signal: NodeJS.Signals }
  | ({ readonly kind: 'run'; readonly shell: boolean } & CommandLine)
  | { readonly kind: 'post'; readonly path: string };

/** What to watch, every default filled in. */
export interface WatchPlan {
  readonly paths: readonly string[];
  readonly include: readonly string[];
  readonly ignore: readonly string[];
  readonly gitignore: boolean;
  readonly debounceMs: number;
  readonly maxWaitMs: number;
  /** Undefined: only where the system cannot tell. */
  readonly pollMs?: number | undefined;
  readonly action: Action;
}

/** Everything that one process asks for. */
export interface FilePlan {
  readonly watches: readonly WatchPlan[];
  /** Globs, relative to the folder of the config. */
  readonly gate: readonly string[];
}

const text = z.string().min(1, 'expected some text');

const action: z.ZodType<Action, ActionFields> = z.union(
  [
    z.enum(['restart', 'notify', 'signal']).transform((kind): Action => {
      return kind === 'signal' ? { kind, signal: 'SIGHUP' } : { kind };
    }),
    z
      .strictObject({ signal: signalName.describe('Sent to the leader of the process once that is ready.') })
      .transform(({ signal }): Action => ({ kind: 'signal', signal })),
    z
      .strictObject({
        run: commandLine.describe('Runs in the environment and the folder of the process while that is up.'),
      })
      .transform(({ run }): Action => ({ kind: 'run', ...run })),
    z
      .strictObject({
        post: z
          .string()
          .startsWith('/', 'expected a path that starts with "/", such as "/changed"')
          .describe('A path of the app that is told by POST which files have changed, once it is ready.'),
      })
      .transform(({ post }): Action => ({ kind: 'post', path: post })),
  ],
  { error: 'expected "restart", "notify", "signal", or an object with "signal", "run" or "post"' },
);

const settings = z.strictObject({
  paths: z
    .array(text)
    .optional()
    .describe('Folders and files to watch, relative to the folder of the config. Default: `["."]`.'),
  include: z
    .array(text)
    .min(1, 'expected at least one glob')
    .default(['**/*'])
    .describe('Globs of the files that count.'),
  ignore: z
    .array(text)
    .default([])
    .describe('Globs of files and folders that do not count, beside the built-in ones such as `node_modules`.'),
  gitignore: z.boolean().default(true).describe('Leave out what `.gitignore` files leave out.'),
  debounce: duration.prefault('50ms').describe('This long without a change ends a burst of changes.'),
  maxWait: duration.prefault('2s').describe('A burst that goes on is acted upon after this long.'),
  // Below this, looking itself becomes the load.
  poll: duration
    .refine((ms) => ms >= 20, 'expected at least 20 ms')
    .optional()
    .describe('Look this often instead of being told by the system. Default: where that cannot tell, every 500 ms.'),
  action: action
    .optional()
    .describe('What follows a change: `notify` is nothing but the event `files.changed`. Default: `restart`.'),
  gate: z
    .array(text)
    .default([])
    .describe('Lock files, or globs of them: while one is held, nothing starts and no change is acted upon.'),
});

type Settings = z.input<typeof settings>;

const watch = settings.transform(({ paths, debounce, maxWait, poll, gate, ...rest }, context) => {
  if (paths?.length === 0 && gate.length === 0) {
    context.issues.push({ code: 'custom', input: paths, path: ['paths'], message: 'expected at least one path' });
  }
  const plan: WatchPlan = {
    ...rest,
    paths: paths ?? ['.'],
    debounceMs: debounce,
    maxWaitMs: maxWait,
    ...(poll !== undefined && { pollMs: poll }),
    action: rest.action ?? { kind: 'restart' },
  };
  return { plan, gate };
});

const some = z.array(text).min(1, 'expected at least one path');
const shorthand = z
  .union([z.literal(true), text, some])
  .transform((value): Settings => {
    if (value === true) return {};
    return { paths: typeof value === 'string' ? [value] : value };
  })
  .pipe(watch);

export const fields: z.ZodType<FilePlan, WatchFields> = z
  .union([shorthand, watch, z.array(watch).min(1, 'expected at least one path')])
  .transform((value): FilePlan => {
    const all = Array.isArray(value) ? value : [value];
    const plans = all.map(({ plan }) => plan);
    return {
      watches: plans.filter(({ paths }) => paths.length > 0),
      gate: [...new Set(all.flatMap(({ gate }) => gate))],
    };
  })
  .describe(
    'What follows a change of its files. `true` watches the folder of the config; a path or a list is `paths`; a list of objects is several watches.',
  );

/** The plugin itself has nothing to set. */
export type NoOptions = Record<string, never>;

export const options: z.ZodType<unknown, NoOptions | undefined> = z.strictObject({}).optional() as z.ZodType<
  unknown,
  NoOptions | undefined
>;
