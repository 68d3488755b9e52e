import * as z from 'zod';
import type { Ulimit } from '../contract/process-options.ts';
import { objectLike } from './shapes.ts';

/** What a process is started with, beside its command and its environment; the kernel hands it on to its children. */
export interface ParsedAttributes {
  umask?: string | undefined;
  nice?: number | undefined;
  ulimit?: { [K in keyof Ulimit]?: Ulimit[K] | undefined } | undefined;
  user?: string | undefined;
  group?: string | undefined;
}

const account = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/, 'is no name, and no number');

const limit = z
  .union([z.int().min(0, 'expected a whole number from 0, or "unlimited"'), z.literal('unlimited')], {
    error: 'expected a whole number from 0, or "unlimited"',
  })
  .optional();

const limits = {
  as: limit.describe('Address space, in bytes.'),
  core: limit.describe('A core file, in bytes; 0 writes none.'),
  cpu: limit.describe('Time on a processor, in seconds: then it gets SIGXCPU.'),
  data: limit.describe('Data segment, in bytes.'),
  fsize: limit.describe('A file that it writes, in bytes.'),
  memlock: limit.describe('Memory locked into RAM, in bytes.'),
  nofile: limit.describe('Open descriptors.'),
  nproc: limit.describe('Processes of its user.'),
  rss: limit.describe('Resident memory, in bytes; Linux ignores it.'),
  stack: limit.describe('Stack, in bytes.'),
} satisfies Readonly<Record<keyof Ulimit, z.ZodType>>;

export const attributesShape: { readonly [K in keyof Required<ParsedAttributes>]: z.ZodType<ParsedAttributes[K]> } = {
  umask: z
    .string()
    .regex(/^0?[0-7]{3}$/, 'expected three octal digits in a text, such as "027"')
    .optional()
    .describe(
      'What is taken from the rights of files that it makes, in octal digits: `"027"`. Default: that of promptbin.',
    ),
  nice: z
    .int()
    .min(-20, 'expected a whole number from -20 to 19')
    .max(19, 'expected a whole number from -20 to 19')
    .optional()
    .describe('How far it steps back for others, from -20 to 19; below 0 is for root alone. Default: as promptbin.'),
  ulimit: z
    .strictObject(limits, { error: objectLike('{ "nofile": 4096 }') })
    .optional()
    .describe(
      'What it may use, as `prlimit` (util-linux) names it: sizes in bytes, `cpu` in seconds. Linux only. Default: as promptbin.',
    ),
  user: account
    .optional()
    .describe(
      'Whom it runs as, by name or number, with the groups and the home of that user. For root on Linux alone. Default: as promptbin.',
    ),
  group: account.optional().describe('The group that it runs with. Default: that of `user`.'),
};
