import { constants } from 'node:os';
import * as z from 'zod';
import { type CommandLine, parseCommand } from './command.ts';

/** A command line, a list of words, or either with how to run it. */
export type CommandFields =
  | string
  | readonly [string, ...string[]]
  | {
      command: string | readonly [string, ...string[]];
      /** Run it by `/bin/sh -c`. Default false. */
      shell?: boolean | undefined;
    };

// zod infers a list that may be empty for the input.
const words = z.union([
  z.string().min(1, 'expected some text'),
  z.array(z.string()).min(1, 'expected a program to run'),
]) as unknown as z.ZodType<string | readonly string[], string | readonly [string, ...string[]]>;

/** Of a command that a plugin runs beside a process. */
export const commandLine: z.ZodType<CommandLine & { readonly shell: boolean }, CommandFields> = z
  .union([
    words.transform((command) => ({ command, shell: false })),
    z.strictObject({
      command: words.describe('The program and its arguments. A text is split into words, unless `shell` is set.'),
      shell: z.boolean().default(false).describe('Run `command` by `/bin/sh -c`; it must be one text then.'),
    }),
  ])
  .transform(({ command, shell }, context) => {
    const { mistakes, ...parsed } = parseCommand(command, shell);
    for (const { problem, hint } of mistakes) {
      context.issues.push({ code: 'custom', input: command, message: problem, params: { hint } });
    }
    return { ...parsed, shell };
  });

const names = Object.keys(constants.signals) as [NodeJS.Signals];
// Of one platform only: the JSON Schema is the same on all.
const unusual = ['SIGINFO', 'SIGIOT', 'SIGPOLL', 'SIGPWR', 'SIGSTKFLT', 'SIGUNUSED'];

/** Such as `SIGHUP`. */
export const signalName: z.ZodType<NodeJS.Signals, NodeJS.Signals> = z
  .enum(names)
  .meta({ enum: names.filter((name) => !unusual.includes(name)).sort() });
