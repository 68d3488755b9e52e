import { type Frame, isOwnFile, type TraceReader } from './trace.ts';

const header = /^(?:.*\bpanic serving .*|(?:panic|fatal error|runtime): .*)$/;
const routine = /^goroutine \d+ .*:$/;
const place = /^\t(.+\.go):(\d+)(?: |$)/;
// Between the message and the first routine stand the signal and what was being recovered.
const longestMessage = 12;

/** A panic of Go, or a fatal error of its runtime: the message, then the calls of the routine, each with its place below it. */
export const readPanic: TraceReader = (lines, at) => {
  const headline = lines[at] ?? '';
  if (!header.test(headline)) return undefined;
  const offset = lines.slice(at + 1, at + 1 + longestMessage).findIndex((line) => routine.test(line));
  if (offset < 0) return undefined;
  const frames: Frame[] = [];
  let next = at + 1 + offset + 1;
  for (; next < lines.length && lines[next] !== ''; next += 1) {
    const [, file, number] = place.exec(lines[next] ?? '') ?? [];
    if (file === undefined) continue;
    const text = [lines[next - 1] ?? '', lines[next] ?? ''];
    frames.push({ file, line: Number(number), text, own: isOwnFile(file) });
  }
  return {
    language: 'go',
    first: at,
    last: skipRoutines(lines, next),
    headline,
    details: lines
      .slice(at + 1, at + 1 + offset)
      .filter((line) => line !== '')
      .slice(0, 4),
    frames,
    origins: [],
  };
};

/** The other routines are part of it: each is a block below an empty line. */
function skipRoutines(lines: readonly string[], from: number): number {
  let next = from;
  while (lines[next] === '' && routine.test(lines[next + 1] ?? '')) {
    const end = lines.indexOf('', next + 1);
    next = end < 0 ? lines.length : end;
  }
  return next - 1;
}
