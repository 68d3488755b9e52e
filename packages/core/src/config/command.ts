import { parseArgsStringToArgv } from 'string-argv';
import type { Path, Report } from './issues.ts';
import { subjectOf } from './path.ts';
import { redactText } from './redact.ts';

export interface CommandLine {
  readonly command: string;
  readonly args: readonly string[];
}

/** `;` is not here: `find … -exec … ;` needs it as a plain word. */
const shellWords = new Set(['&&', '||', '|', '&', '>', '>>', '<', '2>', '2>&1', '&>']);

/** Splits a command line into program and arguments; one for the shell stays whole. Reports what cannot be meant so. */
export function splitCommand(
  command: string | readonly string[],
  { shell, path, report }: { readonly shell: boolean; readonly path: Path; readonly report: Report },
): CommandLine {
  const subject = subjectOf(path);
  if (typeof command !== 'string') {
    const [program = '', ...args] = command;
    if (shell) {
      report(path, `${subject} is a list, but "shell" is true, and a shell takes one text.`, {
        hint: 'Write the command as one text, or take "shell" out.',
      });
    }
    return { command: program, args };
  }
  if (shell) return { command, args: [] };

  const unquoted = command.replaceAll(/"[^"]*"|'[^']*'/g, '""');
  if (/["']/.test(unquoted.replaceAll('""', ''))) {
    report(path, `${subject} has a quote without its end: ${redactText(command, [])}`, {
      hint: 'Close the quote, or write the command as a list of words.',
    });
  }
  const word = unquoted.split(/\s+/).find((found) => shellWords.has(found));
  if (word !== undefined) {
    report(path, `${subject} has "${word}", which means something to a shell only, and none runs it.`, {
      hint: 'Set "shell" to true, or write the command as a list if the word is meant as it is.',
    });
  }
  const [program = '', ...args] = parseArgsStringToArgv(command);
  if (program === '') report(path, `${subject} is ${JSON.stringify(command)}, expected a program to run.`);
  return { command: program, args };
}
