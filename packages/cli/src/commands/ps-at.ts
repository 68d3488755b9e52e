import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { tableOf } from '../render/status.ts';
import { clockTime } from '../render/time.ts';
import { projectRoot } from './connection.ts';
import type { Invocation } from './invocation.ts';
import { momentOf } from './moments.ts';
import { type Past, readPast } from './past.ts';

/** Shows where every process was at a moment, as the journal tells; no manager is asked. */
export async function psAt(time: string, invocation: Invocation): Promise<ExitCode> {
  const { json, out } = invocation;
  const past = await readPast(projectRoot(invocation), await momentOf('--at', time));
  if (json) out.json(pastJson(past));
  else {
    out.line(out.palette.dim(describePast(past)));
    for (const line of tableOf(out, past.snapshot.processes)) out.line(line);
  }
  return exitCodes.done;
}

/** What programs are told of a moment. */
export function pastJson({ snapshot, at, manager }: Past): object {
  const { seq, processes, manager: one } = snapshot;
  return {
    version: 1,
    at: new Date(at).toISOString(),
    seq,
    manager: { state: manager, ...(one && { pid: one.pid, since: new Date(one.since).toISOString() }) },
    processes,
  };
}

function describePast({ snapshot, at, manager }: Past): string {
  const { pid } = snapshot.manager ?? {};
  const last = clockTime(snapshot.at);
  const head = `At ${clockTime(at)}, by event ${snapshot.seq}`;
  switch (manager) {
    case 'running':
      return `${head}, under the manager with pid ${pid}:`;
    case 'closed':
      return `${head}: the manager (pid ${pid}) had ended at ${last}.`;
    case 'killed':
      return `${head}: the manager (pid ${pid}) was killed after ${last}. This is what it knew last; what it left may still have run.`;
    default:
      return `${head}. The journal begins in the middle: what stated nothing after that is missing, and counts are too low.`;
  }
}
