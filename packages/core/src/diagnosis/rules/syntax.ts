import { type Found, inFolder, placeOf, type Rule } from './rule.ts';

const correct = (found: Found): string | undefined => {
  const place = found.trace && placeOf(found.trace, found.process);
  return place === undefined ? undefined : `Correct ${place}.`;
};
const correctNamed = ({ names: [file, line] }: Found): string => `Correct ${file} line ${line}.`;
const namedMessage = ({ names: [file, line, ...words] }: Found): string => `${file} line ${line}: ${words.join(' ')}`;

/** Source that cannot be parsed, or does not compile. */
export const syntax: readonly Rule[] = [
  { code: 'syntaxError', pattern: /^(?:Syntax|Indentation|Tab)Error: /, traced: isPython, hint: correct },
  // What is parsed at run time is data; the parsers of source make no call of the program.
  { code: 'syntaxError', pattern: /^(?:Uncaught )?SyntaxError(?: \[\w+\])?: /, traced: isUnparsed, hint: correct },
  // esbuild, which tsx and others use: the place is the first line of the message.
  {
    code: 'syntaxError',
    pattern: /^Error: Transform failed with \d+ error/,
    traced: ({ details: [place] }) => parsed(place) !== undefined,
    message: ({ trace, text, process }) => {
      const [file, line, words] = parsed(trace?.details[0]) ?? [];
      return file === undefined ? text : `${inFolder(file, process.folder)} line ${line}: ${words}`;
    },
    hint: ({ trace, process }) => {
      const [file, line] = parsed(trace?.details[0]) ?? [];
      return file === undefined ? undefined : `Correct ${inFolder(file, process.folder)} line ${line}.`;
    },
  },
  // server.ts(1,7): error TS2322: …
  {
    code: 'syntaxError',
    pattern: /^([^\s()]+)\((\d+),\d+\): error (TS\d+: .+)/,
    message: namedMessage,
    hint: correctNamed,
  },
  // Main.java:3: error: ';' expected
  { code: 'syntaxError', pattern: /^([^\s:]+\.java):(\d+): error: (.+)/, message: namedMessage, hint: correctNamed },
  // ./main.go:4:2: undefined: serve
  {
    code: 'syntaxError',
    pattern: /^(?:\.\/)?([^\s:]+\.go):(\d+):\d+: (.+)/,
    message: namedMessage,
    hint: correctNamed,
  },
  // run.sh: line 3: syntax error: unexpected end of file
  {
    code: 'syntaxError',
    pattern: /^([^\s:]+): (?:line )?(\d+): ([Ss]yntax error.*)/,
    message: namedMessage,
    hint: correctNamed,
  },
];

function isPython({ language }: NonNullable<Found['trace']>): boolean {
  return language === 'python';
}

function isUnparsed({ language, headline, frames }: NonNullable<Found['trace']>): boolean {
  const calls = frames.filter(({ own, text }) => own && /^\s+at /.test(text[0] ?? ''));
  return language === 'node' && calls.length === 0 && !/\bJSON\b/.test(headline);
}

/** `/app/server.ts:1:21: ERROR: Unexpected ";"` as file, line and words. */
function parsed(text: string | undefined): readonly string[] | undefined {
  return /^(\S+?):(\d+):\d+: ERROR: (.+)/.exec(text ?? '')?.slice(1);
}
