/** One call on the way to where an exception was thrown. */
export interface Frame {
  readonly file: string;
  readonly line: number;
  /** As it was written: where, and the source when it is shown. */
  readonly text: readonly string[];
  /** Of the program itself, and not of a library or of the language. */
  readonly own: boolean;
}

/** An exception with the calls that led to it, found in output. */
export interface Trace {
  readonly language: 'python' | 'node' | 'java' | 'go';
  /** Index of its first line, and of its last one. */
  readonly first: number;
  readonly last: number;
  /** Such as `KeyError: 'PORT'`. */
  readonly headline: string;
  /** The lines of its message that follow, at most 4. */
  readonly details: readonly string[];
  /** Nearest to the exception first. */
  readonly frames: readonly Frame[];
  /** The exceptions that it came of, nearest first. */
  readonly origins: readonly Trace[];
}

/** Reads a trace that begins at one line; undefined when none does. */
export type TraceReader = (lines: readonly string[], at: number) => Trace | undefined;

const foreign =
  /\b(?:site|dist)-packages\b|\bnode_modules\b|\/lib\/python\d|^<frozen |\bnode:|^internal\/|\/go\/src\/|\/pkg\/mod\/|\/bin\/[^/.]+$/;

/** Whether a file is one that whoever runs the program has written. */
export function isOwnFile(file: string): boolean {
  return !foreign.test(file);
}
