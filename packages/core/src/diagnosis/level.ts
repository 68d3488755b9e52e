// The first word of a level in a line is its level: `INFO retry after ERROR` is none.
const worded =
  /\b(?:(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING)|(ERR|ERROR|FATAL|CRITICAL|SEVERE|PANIC|ALERT|EMERG|EMERGENCY))\b/;
const marked =
  /\[(?:(trace|debug|info|notice|warn|warning)|(error|fatal|critical|crit|alert|emerg))\]|\b(?:level|severity)"?[=:]\s?"?(?:(?:trace|debug|info|notice|warn|warning|[1-4]0)|(error|fatal|critical|[56]0))\b/i;
const exclaimed =
  /^\s*(?:npm )?(?:error|fatal|panic)\b(?: \[\w+\]| \w+\d+)?:|^\s*npm (?:error|ERR!)|^[\w$.]*(?:Error|Exception)(?: \[\w+\])?: |^\S+: error(?: \w+\d+)?: /;

/** Whether a line says by itself that it is an error: by a word for its level, as logs do, or as compilers do. */
export function isErrorLine(text: string): boolean {
  for (const pattern of [worded, marked]) {
    const [word, ...found] = pattern.exec(text) ?? [];
    if (word !== undefined) return found.slice(1).some((level) => level !== undefined);
  }
  return exclaimed.test(text);
}
