import { accessOf } from './access-line.ts';

/** How grave a line of output is, mildest first. */
export const levels = ['debug', 'info', 'warn', 'error', 'fatal'] as const;

export type Level = (typeof levels)[number];

/** So far is looked for a level: behind that a line tells what has happened. */
const headLength = 120;
const longestJson = 4096;

const words: Readonly<Record<string, Level>> = {
  trace: 'debug',
  debug: 'debug',
  verbose: 'debug',
  info: 'info',
  information: 'info',
  notice: 'info',
  warn: 'warn',
  warning: 'warn',
  err: 'error',
  error: 'error',
  severe: 'error',
  critical: 'fatal',
  crit: 'fatal',
  alert: 'fatal',
  emerg: 'fatal',
  fatal: 'fatal',
  panic: 'fatal',
};
const word = Object.keys(words).join('|');
const loud = word.toUpperCase();

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminals are told colours by them.
const escapes = /\u001B\[[0-?]*[ -/]*[@-~]/g;

// The first that fits decides. Each puts the word of a level into its group.
const labels: readonly RegExp[] = [
  // `INFO:     Started`, `WARNING:root:old`, `[error] 12#0: …`, `error: no such file`, `<warn> …`.
  new RegExp(`^[[(<]?(${word})(?:[\\])>:|]|\\s+-\\s)`, 'i'),
  // `[2026-11-26 04:14:13 +0000] [12] [INFO] Listening`.
  new RegExp(`[[(<](${word})[\\])>]`, 'i'),
  // `ts=… level=warn msg=…`.
  new RegExp(`\\b(?:level|lvl|severity)=["']?(${word})\\b`, 'i'),
  // `2026-11-26 04:14:13,123 - app - ERROR - failed`, `[…] ERROR in app: …`, `npm ERR! code 1`.
  new RegExp(`(?:^|[\\s|])(${loud})(?=[\\s:|!]|$)`),
];
const ofJson = /"(?:level|severity|lvl|levelname)"\s*:\s*(?:"(\w+)"|(\d+))/i;
// What runtimes write when something was thrown that nobody has caught, and what they warn of.
const thrown =
  /^(?:Traceback \(most recent call last\):|Caused by: |Exception in thread |Uncaught |Unhandled |(?:[\w$]+\.)*\w*(?:Error|Exception)(?:: |$))/;
const warned = /^(?:\S+:\d+: |\(node:\d+\) (?:\[\w+\] )?)\w*Warning\b/;
// `src/main.ts(3,7): error TS2322: …` of compilers, and what npm says.
const reported = /^(?:\S+: error(?: \w+)?: |npm error\b)/;
// `E1126 04:14:13.123456` of klog.
const initial = /^([IWEF])\d{4} \d\d:/;
const initials: Readonly<Record<string, Level>> = { I: 'info', W: 'warn', E: 'error', F: 'fatal' };

/** The level that a line tells of itself; undefined when it tells none. An answer of HTTP 500 and more is an error. */
export function levelOf(text: string): Level | undefined {
  const plain = text.slice(0, longestJson).replace(escapes, '');
  if (plain.startsWith('{')) return levelOfJson(plain);
  const access = accessOf(plain);
  if (access !== undefined) return levelOfStatus(access.status);
  const head = plain.slice(0, headLength);
  if (thrown.test(head) || reported.test(head)) return 'error';
  if (warned.test(head)) return 'warn';
  const short = initial.exec(head)?.[1];
  if (short !== undefined) return initials[short];
  for (const label of labels) {
    const found = label.exec(head)?.[1];
    if (found !== undefined) return words[found.toLowerCase()];
  }
  return undefined;
}

/** Whether a line tells of itself that it is an error, or more than that. */
export function isError(text: string): boolean {
  const level = levelOf(text);
  return level !== undefined && isAtLeast(level, 'error');
}

/** Whether `level` is `least` or graver. */
export function isAtLeast(level: Level, least: Level): boolean {
  return levels.indexOf(level) >= levels.indexOf(least);
}

/** Numbers are as pino and bunyan have them: 30 is info. */
function levelOfJson(text: string): Level | undefined {
  const [, name, number] = ofJson.exec(text) ?? [];
  if (name !== undefined) return words[name.toLowerCase()];
  if (number === undefined) return undefined;
  return levels[Math.min(Math.max(Math.floor(Number(number) / 10) - 2, 0), levels.length - 1)];
}

function levelOfStatus(status: number): Level {
  if (status >= 500) return 'error';
  return status >= 400 ? 'warn' : 'info';
}
