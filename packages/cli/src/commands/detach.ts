import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessView } from '@promptbin/core';
import { type BackgroundOptions, connectIfUp, startInBackground } from '../control/background.ts';
import type { ManagerConnection } from '../control/client.ts';
import type { Closing } from '../control/ending.ts';
import { prepareProject } from '../control/project.ts';
import { awaitSettled, isUp } from '../control/settle.ts';
import { startCursor } from '../control/start-cursor.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { showOutcome, showTable } from '../render/status.ts';
import { startNamed } from './call.ts';
import { configRoot, projectArguments, sayUntaken } from './connection.ts';
import type { Invocation } from './invocation.ts';
import type { DetachOptions } from './options.ts';

/** How long the exit of a manager that is gone is waited for, ms. */
const lastWordsMs = 5000;

/** Leaves a manager running in the background, and says how its processes have come up. */
export async function detach(options: DetachOptions, invocation: Invocation): Promise<ExitCode> {
  let ended: Promise<Error> | undefined;
  const connection = await reach(options, invocation, (fault) => {
    ended = fault;
    // Mostly nobody asks.
    fault.catch(() => undefined);
  });
  const enough = new AbortController();
  const closing = watchClosing(connection, enough.signal);
  const views = await awaitSettled(connection, enough.signal).catch(async (fault: unknown) => {
    // It may have gone in the middle of a question.
    if ((await closing)?.failed !== undefined) return [];
    // Or before the first one: then what it has written tells why.
    throw (await Promise.race([ended, sleep(lastWordsMs)])) ?? fault;
  });
  // One that closes says why to its end.
  if (await isRunning(connection)) enough.abort();
  return report(views, await closing, invocation);
}

async function isRunning(connection: ManagerConnection): Promise<boolean> {
  try {
    return (await connection.status()).manager.state === 'running';
  } catch {
    return false;
  }
}

/** Resolves with why the manager closes if it does so before the signal. */
async function watchClosing(connection: ManagerConnection, signal: AbortSignal): Promise<Closing | undefined> {
  try {
    for await (const { type, data } of connection.subscribe({ after: await startCursor(connection), signal }))
      if (type === 'manager.closing') return data;
  } catch {
    // It has gone before it could say so.
  }
  return undefined;
}

async function reach(
  { names, watchConfig }: DetachOptions,
  invocation: Invocation,
  onStart: BackgroundOptions['onStart'],
): Promise<ManagerConnection> {
  const root = await configRoot(invocation);
  const running = await connectIfUp(root);
  if (running !== undefined) {
    if ((await running.status()).manager.ephemeral) await running.keep();
    sayUntaken({ watchConfig }, invocation);
    await startNamed(running, names);
    return running;
  }
  const files = await prepareProject(root);
  const args = [...projectArguments(invocation, root), ...(watchConfig ? ['--watch-config'] : []), ...names];
  return startInBackground(files, { args, onStart });
}

function report(views: readonly ProcessView[], closing: Closing | undefined, invocation: Invocation): ExitCode {
  const { json, out, err } = invocation;
  // While it closes nothing is wanted up any more.
  const hasFailed = closing?.failed !== undefined;
  const ok = !hasFailed && views.every((view) => view.desired === 'down' || isUp(view));
  if (json) out.json({ version: 1, ok, processes: views });
  else {
    if (views.length > 0) showTable(out, views);
    showOutcome(out, views);
    if (hasFailed) err.line(`promptbin has ended: ${closing.why}`);
  }
  return ok ? exitCodes.done : exitCodes.unreached;
}
