import { type Frame, isOwnFile, type TraceReader } from './trace.ts';

const header = /^Fatal Python error: /;
const place = /^ {2}File "([^"]+)", line (\d+) in /;
// Other threads come first; what has crashed is the current one.
const current = /^Current thread /;
const longestPreamble = 200;

/** What `faulthandler` writes when the interpreter itself ends by a signal: the calls, nearest first. */
export const readPythonCrash: TraceReader = (lines, first) => {
  const headline = lines[first] ?? '';
  if (!header.test(headline)) return undefined;
  const offset = lines.slice(first + 1, first + longestPreamble).findIndex((line) => current.test(line));
  if (offset < 0) return { language: 'python', first, last: first, headline, details: [], frames: [], origins: [] };
  const frames: Frame[] = [];
  let next = first + 1 + offset + 1;
  for (; ; next += 1) {
    const [text, file, line] = place.exec(lines[next] ?? '') ?? [];
    if (text === undefined || file === undefined) break;
    frames.push({ file, line: Number(line), text: [lines[next] ?? ''], own: isOwnFile(file) });
  }
  return { language: 'python', first, last: next - 1, headline, details: [], frames, origins: [] };
};
