import type { ProcessView } from '@promptbin/core';
import { connectIfUp, startInBackground } from '../control/background.ts';
import type { ManagerConnection } from '../control/client.ts';
import { prepareProject } from '../control/project.ts';
import { awaitSettled, isUp } from '../control/settle.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { showOutcome, showTable } from '../render/status.ts';
import { startNamed } from './call.ts';
import { configRoot, projectArguments, sayUntaken } from './connection.ts';
import type { Invocation } from './invocation.ts';
import type { DetachOptions } from './options.ts';

/** Leaves a manager running in the background, and says how its processes have come up. */
export async function detach(options: DetachOptions, invocation: Invocation): Promise<ExitCode> {
  const connection = await reach(options, invocation);
  const views = await awaitSettled(connection, new AbortController().signal);
  return report(views, invocation);
}

async function reach({ names, watchConfig }: DetachOptions, invocation: Invocation): Promise<ManagerConnection> {
  const root = await configRoot(invocation);
  const running = await connectIfUp(root);
  if (running !== undefined) {
    sayUntaken({ watchConfig }, invocation);
    await startNamed(running, names);
    return running;
  }
  const files = await prepareProject(root);
  const args = [...projectArguments(invocation, root), ...(watchConfig ? ['--watch-config'] : []), ...names];
  return startInBackground(files, { args });
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
