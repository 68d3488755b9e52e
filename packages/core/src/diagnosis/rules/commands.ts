import type { Rule } from './rule.ts';

const install = (): string => 'Install it, or correct the command.';

/** What a shell, or the program itself, has tried to run. */
export const commands: readonly Rule[] = [
  // sh: 1: foo: not found; run.sh: line 3: foo: command not found
  {
    code: 'commandNotFound',
    pattern: /^(?:.*: )?(\S+): (?:command )?not found$/,
    exits: [127],
    message: ({ names: [command] }) => `command "${command}" was not found`,
    hint: install,
  },
  // /usr/bin/env: 'pyhton3': No such file or directory
  {
    code: 'commandNotFound',
    pattern: /^(?:\/\S*\/)?env: \W*([\w.+-]+)\W*: No such file or directory/,
    exits: [127],
    message: ({ names: [command] }) => `command "${command}" was not found, which the first line of a script names`,
    hint: () => 'Install it, or correct the first line of the script.',
  },
  // bash: line 1: ./run.py: cannot execute: required file not found
  {
    code: 'commandNotFound',
    pattern: /(\S+): (?:cannot execute: required file not found|.*bad interpreter: )/,
    exits: [126, 127],
    message: ({ names: [file] }) => `"${file}" cannot be run: the interpreter that its first line names does not exist`,
    hint: () => 'Install the interpreter, or make the file anew: a moved virtual environment looks like this.',
  },
  {
    code: 'permissionDenied',
    pattern: /^(?:.*: )?(\S+): Permission denied$/,
    exits: [126],
    message: ({ names: [file] }) => `"${file}" is not executable`,
    hint: () => 'Run `chmod +x` on it, or put its interpreter first in `command`.',
  },
  {
    code: 'commandNotFound',
    pattern: /\bMissing script: "?([^"]+)/,
    message: ({ names: [script] }) => `package.json has no script "${script}"`,
    hint: () => 'Correct the name of the script in the command.',
  },
  {
    code: 'commandNotFound',
    pattern: /^make: \*\*\* No rule to make target '([^']+)'/,
    message: ({ names: [target] }) => `the Makefile has no target "${target}"`,
    hint: () => 'Correct the name of the target in the command.',
  },
  {
    code: 'commandNotFound',
    pattern: /\bspawn (\S+) ENOENT\b|^FileNotFoundError: .*: '([^']+)'$/,
    traced: ({ headline, frames }) =>
      headline.includes('spawn') || frames.some(({ file }) => file.endsWith('/subprocess.py')),
    hint: install,
  },
];
