import type { ProcessView } from '@promptbin/core';
import { connectIfUp, startInBackground } from '../control/background.ts';
import type { ManagerConnection } from '../control/client.ts';
import { prepareProject } from '../control/project.ts';
import { awaitSettled, isUp } from '../control/settle.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { showOutcome, showTable } from '../render/status.ts';
import { startNamed } from './call.ts';
import { configRoot, projectArguments } from './connection.ts';
import type { Invocation } from './invocation.ts';

/** Leaves a manager running in the background, and says how its processes have come up. */
export async function detach(names: readonly string[], invocation: Invocation): Promise<ExitCode> {
  const connection = await reach(names, invocation);
  const views = await awaitSettled(connection, new AbortController().signal);
  return report(views, invocation);
}

async function reach(names: readonly string[], invocation: Invocation): Promise<ManagerConnection> {
  const root = await configRoot(invocation);
  const running = await connectIfUp(root);
  if (running !== undefined) {
    await startNamed(running, names);
    return running;
  }
  const files = await prepareProject(root);
  return startInBackground(files, { args: [...projectArguments(invocation, root), ...names] });
}

function report(views: readonly ProcessView[], { json, out }: Invocation): ExitCode {
  const ok = views.every((view) => view.desired === 'down' || isUp(view));
  if (json) out.json({ version: 1, ok, processes: views });
  else {
    showTable(out, views);
    showOutcome(out, views);
  }
  return ok ? exitCodes.done : exitCodes.unreached;
}
