import { ownCall } from '../traces/find.ts';
import type { Found, Rule } from './rule.ts';

/** What Python packages are called by those who install them, when that is not the name of the module. */
const packages: Readonly<Record<string, string>> = {
  bs4: 'beautifulsoup4',
  cv2: 'opencv-python',
  dateutil: 'python-dateutil',
  dotenv: 'python-dotenv',
  jwt: 'PyJWT',
  MySQLdb: 'mysqlclient',
  PIL: 'pillow',
  psycopg2: 'psycopg2-binary',
  sklearn: 'scikit-learn',
  yaml: 'PyYAML',
};

/** A module, or a name of it, that is not there. */
export const modules: readonly Rule[] = [
  { code: 'missingModule', pattern: /\bNo module named '?([\w.]+)/, hint: installPython },
  {
    code: 'missingModule',
    pattern: /^ImportError: cannot import name '([^']+)' from '([^']+)'/,
    hint: ({ names: [name, module] }) => `Correct the import: "${module}" has no "${name}".`,
  },
  {
    code: 'missingModule',
    pattern: /'([^']+)' does not provide an export named '([^']+)'/,
    hint: ({ names: [module, name] }) => `Correct the import: "${module}" has no "${name}".`,
  },
  // A path is a file of the program, with a name that is wrong; a script that Node was to run has no call of its own.
  {
    code: 'missingFile',
    pattern: /^Error: Cannot find module '(\/[^']+)'$/,
    traced: ({ frames }) => !frames.some(({ own }) => own),
    message: ({ names: [file] }) => `script "${file}" does not exist`,
    hint: () => 'Correct `command`; a relative path starts at `cwd`.',
  },
  { code: 'missingModule', pattern: /\bCannot find (?:module|package) '([^']+)'/, hint: installNode },
  {
    code: 'missingModule',
    pattern:
      /^(\S+\.go:\d+):\d+: (?:no required module provides|cannot find module providing|package) (?:package )?([^\s:;]+)(?:[:;]| is not in )/,
    message: ({ names: [place, module] }) => `${place?.replace(':', ' line ')}: package "${module}" is not in go.mod`,
    hint: ({ names: [, module] }) => `Add it (\`go get ${module}\`), or correct the import.`,
  },
  {
    code: 'missingModule',
    pattern: /^Can't locate \S+ in @INC \(you may need to install the ([\w:]+) module\)/,
    message: ({ names: [module] }) => `Perl module "${module}" is not installed`,
    hint: ({ names: [module] }) => `Install it (\`cpan ${module}\`), or correct the \`use\`.`,
  },
  {
    code: 'missingModule',
    pattern: /\bjava\.lang\.(?:ClassNotFoundException|NoClassDefFoundError)\b/,
    traced: () => true,
  },
];

// A name that the program's own line does not speak of comes from settings: to install what is called so may be harmful.
function installPython({ names: [module = ''], trace }: Found): string {
  const [top = module] = module.split('.');
  const call = trace && ownCall(trace);
  if (trace !== undefined && call?.text.at(-1)?.includes(top) !== true)
    return `Correct the name "${module}", or install what provides it.`;
  return `Install it into the environment of the process (\`pip install ${packages[top] ?? top}\`), or correct the import.`;
}

function installNode({ names: [module = ''] }: Found): string {
  if (/^[./]|^file:/.test(module)) return 'Correct the path of the import; it is relative to the file that imports.';
  const name = module
    .split('/')
    .slice(0, module.startsWith('@') ? 2 : 1)
    .join('/');
  return `Install it (\`npm install ${name}\`), or correct the import.`;
}
