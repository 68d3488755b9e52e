import type { Rule } from './rule.ts';

const inFolder = (): string => 'Create it, or correct the path; a relative one starts at `cwd` of the process.';
const inCommand = (): string => 'Correct `command`; a relative path starts at `cwd`.';

/** A file that it may not use, or that is not there. */
export const files: readonly Rule[] = [
  {
    code: 'permissionDenied',
    pattern: /\blisten (?:EACCES|EPERM)\b|\bbind: permission denied\b|\bbind\(\).*Permission denied/i,
    hint: () => 'Let it listen on a port above 1023: the lower ones are for root.',
  },
  {
    code: 'permissionDenied',
    pattern: /\b(?:EACCES|EPERM)\b|\bpermission denied\b|\bOperation not permitted\b|\bAccessDeniedException\b/i,
    hint: () => 'Give the user that it runs as access to what it names.',
  },
  {
    code: 'missingFile',
    pattern:
      /\bcan't open file '([^']+)'|\b[Uu]nable to access jarfile (\S+)|^sh: \d+: cannot open (\S+): No such file|^bash: (\S+): No such file or directory$/,
    message: ({ names: [file] }) => `"${file}" does not exist`,
    hint: inCommand,
  },
  {
    code: 'missingFile',
    pattern: /\bCould not find or load main class (\S+)/,
    message: ({ names: [name] }) => `main class "${name}" was not found`,
    hint: () => 'Correct the name of the class, or the class path (`-cp`).',
  },
  {
    code: 'missingFile',
    pattern: /\bCould not read package\.json\b/,
    message: () => 'there is no package.json in the folder',
    hint: () => 'Correct `cwd` of the process.',
  },
  {
    code: 'missingFile',
    pattern: /\bcan't cd to (\S+)/,
    message: ({ names: [folder] }) => `folder "${folder}" does not exist`,
    hint: inFolder,
  },
  {
    code: 'missingFile',
    pattern: /^FileNotFoundError: |\bENOENT: no such file|\bno such file or directory\b/i,
    hint: inFolder,
  },
];
