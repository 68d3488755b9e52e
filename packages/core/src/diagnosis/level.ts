// Each tells a level below error by its first group and the others by its second. The first word of a level in a line is its
// level: `INFO retry after ERROR` is no error.
const words =
  /\b(?:(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING)|(ERR|ERROR|FATAL|CRITICAL|SEVERE|PANIC|ALERT|EMERG|EMERGENCY))\b/;
const brackets = /\[(?:(trace|debug|info|notice|warn|warning)|(error|fatal|critical|crit|alert|emerg))\]/i;
const fields =
  /\b(?:level|severity)"?[=:]\s?"?(?:(trace|debug|info|notice|warn|warning|[1-4]0)|(error|fatal|critical|[56]0))\b/i;

/** Who writes no level: `error: …` of command lines, `ValueError: …`, `src/main.ts(3,7): error TS2322: …` of compilers. */
const exclamations = [
  /^\s*(?:npm )?(?:error|fatal|panic)\b(?: \[\w+\]| \w+\d+)?:/i,
  /^\s*npm (?:error|ERR!)/,
  /^[\w$.]*(?:Error|Exception)(?: \[\w+\])?: /,
  /^\S+: error(?: \w+\d+)?: /,
];

/** What a line says of itself: `error` for that and more, `calm` for less; undefined when it does not say. */
export function levelOf(text: string): 'calm' | 'error' | undefined {
  if (exclamations.some((pattern) => pattern.test(text))) return 'error';
  for (const pattern of [words, brackets, fields]) {
    const [word, calm] = pattern.exec(text) ?? [];
    if (word !== undefined) return calm === undefined ? 'error' : 'calm';
  }
  return undefined;
}
