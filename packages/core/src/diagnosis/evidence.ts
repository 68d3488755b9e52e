import { isError } from '../state/level.ts';
import { signatureOf } from '../state/signature.ts';
import type { Statement } from './statements.ts';
import { ownCall } from './traces/find.ts';
import type { Trace } from './traces/trace.ts';

const mostLines = 8;

/** Of an exception: what was logged with it, what it came of, the call of the program's own code, what it says. */
export function evidenceOfTrace(statement: Statement, trace: Trace): readonly string[] {
  const { lines, first } = statement;
  const before = lines[first - 1] ?? '';
  const origins = trace.origins.slice(0, 2).map(({ headline }) => headline);
  const call = ownCall(trace)?.text ?? [];
  const says = [trace.headline, ...trace.details];
  // Python tells what it came of first, Java last.
  const parts =
    trace.language === 'java' ? [...call, ...says, ...origins] : [...origins.toReversed(), ...call, ...says];
  return [...(isError(before) ? [before] : []), ...parts].slice(0, mostLines);
}

/** Of lines: each kind once, with the usage before it and what is set in below it. */
export function evidenceOfLines(statements: readonly Statement[]): readonly string[] {
  const kinds = new Map(statements.toReversed().map((statement) => [signatureOf(statement.text), statement]));
  const chosen = [...kinds.values()].toReversed().flatMap(({ lines, first }) => {
    const usage = (lines[first - 1] ?? '').startsWith('usage:') ? lines.slice(first - 1, first) : [];
    const below = lines.slice(first + 1, first + 3);
    const end = below.findIndex((line) => !/^\s+\S/.test(line));
    return [...usage, lines[first] ?? '', ...(end < 0 ? below : below.slice(0, end))];
  });
  return chosen.slice(0, mostLines);
}
