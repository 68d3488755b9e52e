import { inFolder, type Rule } from './rule.ts';

/** Settings and options that a program does not take. */
export const settings: readonly Rule[] = [
  { code: 'configError', pattern: /\bImproperlyConfigured: / },
  { code: 'configError', pattern: /^CommandError: / },
  {
    code: 'configError',
    pattern: /^Error: class uri '([^']+)' invalid or not found/,
    hint: () => 'Correct the worker class (`-k`), or install it.',
  },
  {
    code: 'configError',
    pattern: /^failed to load config from (\S+)/,
    hint: ({ names: [file = ''], process }) => `Correct ${inFolder(file, process.folder)}.`,
  },
  {
    code: 'configError',
    pattern:
      /\b(?:unrecognized (?:arguments?|options?)|unknown (?:option|flag|argument)|(?:invalid|bad|illegal|no such) option|flag provided but not defined|the following arguments are required|error: argument )\b/i,
    hint: () => 'Correct the options in `command`; most programs list theirs with `--help`.',
  },
];
