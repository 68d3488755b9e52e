import { type Found, placed, type Rule } from './rule.ts';

const unset = (found: Found): string => placed(found, `environment variable ${found.names[0]} is not set`);
const set = ({ names: [name] }: Found): string => `Set ${name} in \`env\` or an \`envFile\` of the process.`;

/** An environment variable that is not set. */
export const environment: readonly Rule[] = [
  {
    code: 'missingEnv',
    pattern: /^KeyError: '([^']+)'$/,
    traced: ({ frames }) => frames.some(({ file }) => file === '<frozen os>' || file.endsWith('/os.py')),
    message: unset,
    hint: set,
  },
  // Settings of pydantic: each field that is missing is named by a line of its own.
  {
    code: 'missingEnv',
    pattern: /\bValidationError: \d+ validation errors? for (\w*[Ss]ettings\w*|\w*[Cc]onfig\w*)$/,
    traced: ({ details }) => details.some((line) => line.includes('[type=missing,')),
    message: (found) => placed(found, `${found.names[0]} lacks "${found.trace?.details[0]}"`),
    hint: ({ trace }) => `Set ${trace?.details[0]?.toUpperCase()} in \`env\` or an \`envFile\` of the process.`,
  },
  // run.sh: line 2: DATABASE_URL: unbound variable; sh: 1: DATABASE_URL: must be set
  {
    code: 'missingEnv',
    pattern:
      /^[^\s:]+: (?:line )?\d+: ([A-Za-z_]\w*): (?:unbound variable|parameter (?:null or )?not set|.*\b(?:set|required|missing)\b)/,
    message: unset,
    hint: set,
  },
  {
    code: 'missingEnv',
    pattern:
      /\b([A-Z][A-Z0-9]*_[A-Z0-9_]+)["'`]?(?: (?:environment|env) variable)? (?:(?:is|was|has) not (?:been )?(?:set|defined|configured)|(?:is|was) (?:undefined|unset|missing|required)|must be (?:set|defined)|not (?:set|defined)|not found\. Declare it as envvar)\b/,
    fits: isNeeded,
    message: unset,
    hint: set,
  },
  {
    code: 'missingEnv',
    pattern:
      /\b(?:missing|required?|undefined|unset)\b.{0,40}\b(?:env|environment)(?: variables?)?\b:? ?["'`]?([A-Z][A-Z0-9_]+)\b/i,
    fits: (found) => found.names[0] === found.names[0]?.toUpperCase() && isNeeded(found),
    message: unset,
    hint: set,
  },
];

/** Neither a name of the source that is not defined, nor what has a default. */
function isNeeded({ text }: Found): boolean {
  return !/^(?:Name|Reference)Error\b|\b(?:using|default(?:s|ing)|by default|fall(?:s|ing)? back|skip|disabl|ignor)/i.test(
    text,
  );
}
