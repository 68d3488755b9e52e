import type { Rule } from './rule.ts';

/** A server that does not find the app that it is to serve. */
export const apps: readonly Rule[] = [
  {
    code: 'configError',
    pattern: /\bFailed to find attribute '([^']+)' in '([^']+)'/,
    hint: ({ names: [attribute, module] }) => `Correct the name of the app: "${module}" has no "${attribute}".`,
  },
  {
    code: 'configError',
    pattern: /\bAttribute "([^"]+)" not found in module "([^"]+)"/,
    hint: ({ names: [attribute, module] }) => `Correct the name of the app: "${module}" has no "${attribute}".`,
  },
  {
    code: 'configError',
    pattern: /^Error: Could not import '([^']+)'|\bCould not import module "([^"]+)"/,
    hint: ({ names: [module] }) => `Correct the name of the module: there is no "${module}" in \`cwd\` of the process.`,
  },
  {
    code: 'configError',
    pattern: /\bCould not locate a Flask application\b|\bFailed to find Flask application or factory\b/,
    hint: () => 'Name the app: `flask --app app run`; names are looked up in `cwd` of the process.',
  },
];
