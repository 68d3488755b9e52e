import type { OutputLine } from '../contract/process.ts';
import type { LogLine } from '../contract/results.ts';
import { accessOf } from '../state/access-line.ts';
import { levelOf } from '../state/level.ts';
import { signatureOf } from '../state/signature.ts';

/** Two lines cost little, and what they differ in may matter. */
const leastRepeats = 3;

/** Repeats in a row as one line, the newest of them. Works from the newest on, as far as lines are asked for. */
export function* foldFromNewest(lines: readonly OutputLine[]): Generator<LogLine, void> {
  for (let end = lines.length; end > 0; ) {
    const start = beginOfRun(lines, end);
    const [first, last] = [lines[start], lines[end - 1]];
    if (end - start < leastRepeats || first === undefined || last === undefined) {
      yield* lines.slice(start, end).reverse();
    } else {
      const repeats = end - start;
      yield Object.freeze({ ...last, text: `${last.text} ×${repeats}`, firstSeq: first.seq, repeats });
    }
    end = start;
  }
}

/** Where the run begins that ends before `end`. */
function beginOfRun(lines: readonly OutputLine[], end: number): number {
  const last = lines[end - 1];
  const kind = last && kindOf(last);
  let start = end - 1;
  while (kind !== undefined && start > 0) {
    const before = lines[start - 1];
    // What is the very same needs no second look.
    if (before === undefined || (!isSame(before, last) && kindOf(before) !== kind)) break;
    start -= 1;
  }
  return start;
}

function isSame(one: OutputLine, other: OutputLine | undefined): boolean {
  return one.text === other?.text && one.stream === other.stream && one.generation === other.generation;
}

/**
 * Lines of one kind are repeats. Undefined for what never is one: a frame of a traceback, which is indented, and what is
 * all numbers, for then they are what it says.
 */
function kindOf({ stream, generation, text }: OutputLine): string | undefined {
  if (/^\s|^$/.test(text)) return undefined;
  const origin = `${stream} ${generation}`;
  const access = accessOf(text);
  // Not the signature, in which 200 and 500 are the same.
  if (access !== undefined) return `${origin} ${access.method} ${access.target} ${access.status}`;
  const signature = signatureOf(text);
  return /\p{L}{2}/u.test(signature.replaceAll(/<\w+>/g, '')) ? `${origin} ${levelOf(text)} ${signature}` : undefined;
}
