import { readPanic } from './go.ts';
import { readPythonTrace } from './python.ts';
import { readPythonCrash } from './python-crash.ts';
import { readStack } from './stack.ts';
import type { Frame, Trace, TraceReader } from './trace.ts';

const readers: readonly TraceReader[] = [readPythonTrace, readPythonCrash, readStack, readPanic];

/** The exceptions and panics in lines of one stream, in order. Lines must be plain text. */
export function findTraces(lines: readonly string[]): readonly Trace[] {
  const traces: Trace[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const trace = readAt(lines, at);
    if (trace === undefined) continue;
    traces.push(trace);
    at = trace.last;
  }
  return traces;
}

function readAt(lines: readonly string[], at: number): Trace | undefined {
  for (const read of readers) {
    const trace = read(lines, at);
    if (trace !== undefined) return trace;
  }
  return undefined;
}

/** The call that is nearest to the exception and of the program itself. */
export function ownCall({ frames }: Trace): Frame | undefined {
  return frames.find(({ own }) => own);
}
