import type { OutputLine } from '@promptbin/core';

/** Lines of output of one incarnation, numbered from 1. */
export function lines(...texts: readonly string[]): readonly OutputLine[] {
  return texts.map((text, index) => ({ seq: index + 1, at: 0, name: 'web', generation: 1, stream: 'out', text }));
}
