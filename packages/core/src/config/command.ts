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

export interface ParsedCommand extends CommandLine {
  /** What cannot be meant so, each to be said of where the command stands. */
  readonly mistakes: readonly { readonly problem: string; readonly hint?: string }[];
}

/** Splits a command line into program and arguments; a list is split already, and one for the shell stays whole. */
export function parseCommand(command: string | readonly string[], shell: boolean): ParsedCommand {
  if (typeof command !== 'string') {
    const [program = '', ...args] = command;
    const mistake = {
      problem: 'is a list, but "shell" is true, and a shell takes one text',
      hint: 'Write the command as one text, or take "shell" out.',
    };
    return { command: program, args, mistakes: shell ? [mistake] : [] };
  }
  if (shell) return { command, args: [], mistakes: [] };

  const mistakes: { problem: string; hint?: string }[] = [];
  const unquoted = command.replaceAll(/"[^"]*"|'[^']*'/g, '""');
  if (/["']/.test(unquoted.replaceAll('""', ''))) {
    mistakes.push({
      problem: `has a quote without its end: ${JSON.stringify(redactText(command, []))}`,
      hint: 'Close the quote, or write the command as a list of words.',
    });
  }
  const word = unquoted.split(/\s+/).find((found) => shellWords.has(found));
  if (word !== undefined) {
    mistakes.push({
      problem: `has "${word}", which means something to a shell only, and none runs it`,
      hint: 'Set "shell" to true, or write the command as a list if the word is meant as it is.',
    });
  }
  const [program = '', ...args] = parseArgsStringToArgv(command);
  if (program === '') mistakes.push({ problem: `is ${JSON.stringify(command)}, expected a program to run` });
  return { command: program, args, mistakes };
}

/** The same, with what cannot be meant so reported. */
export function splitCommand(
  command: string | readonly string[],
  { shell, path, report }: { readonly shell: boolean; readonly path: Path; readonly report: Report },
): CommandLine {
  const { mistakes, ...parsed } = parseCommand(command, shell);
  for (const { problem, hint } of mistakes) report(path, `${subjectOf(path)} ${problem}.`, { hint });
  return parsed;
}
