import { codeFrameColumns } from '@babel/code-frame';
import type { Position } from '../contract/config-source.ts';

/** A longer line tells nothing to the eye: it is made by a program. */
const longest = 160;

/** The line of `position` with two around it, and a caret below the column. */
export function frameOf(text: string, { line, column }: Position): string | undefined {
  if ((text.split('\n')[line - 1]?.length ?? 0) > longest) return undefined;
  // Babel counts columns from 0.
  const start = { line, column: column - 1 };
  return codeFrameColumns(text, { start }, { linesAbove: 2, linesBelow: 2, highlightCode: false });
}
