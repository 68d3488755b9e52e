import type { ManagedProcess } from '../contract/manager.ts';
import type { OutputLine } from '../contract/process.ts';

/** What was written longer ago is not looked at. */
const mostLines = 1000;

/**
 * The newest lines of the last run of a process and, with `after`, all that came after that line: what matters for a run may
 * have been written before somebody asked for it.
 */
export function linesOfRun(
  process: Pick<ManagedProcess, 'view' | 'logs'>,
  after: number = Number.POSITIVE_INFINITY,
): readonly OutputLine[] {
  const { generation } = process.view;
  return process.logs({ tail: mostLines }).lines.filter((line) => line.generation === generation || line.seq > after);
}
