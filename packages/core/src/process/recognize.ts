import type { ResolvedProcess } from '../contract/config.ts';
import type { Cause, ExitInfo, ProcessView } from '../contract/process.ts';
import { diagnose } from '../diagnosis/diagnose.ts';
import type { OutputStore } from '../output/store.ts';
import { signalOf } from './causes.ts';

/** How many of the newest lines are looked at: a panic of Go that lists all routines is long. */
const mostLines = 300;

/** What the output of this incarnation tells of its end, or while it is up (without `exit`) of why it does not get on. */
export function recognizeCause(
  { spec, view, output }: { readonly spec: ResolvedProcess; readonly view: ProcessView; readonly output: OutputStore },
  exit?: Pick<ExitInfo, 'code' | 'signal'>,
): Cause | undefined {
  const lines = output.page({ tail: mostLines }).lines.filter(({ generation }) => generation === view.generation);
  const end = exit === undefined ? {} : { code: exit.code, signal: signalOf(exit) };
  return diagnose(lines, end, { port: view.port, folder: spec.cwd });
}
