import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessView } from '@promptbin/core';
import { type BackgroundOptions, connectIfUp, startInBackground } from '../control/background.ts';
import type { ManagerConnection } from '../control/client.ts';
import type { Closing } from '../control/ending.ts';
import { prepareProject } from '../control/project.ts';
import { awaitSettled, isUp, movingOf } from '../control/settle.ts';
import { startCursor } from '../control/start-cursor.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { showOutcome, showTable } from '../render/status.ts';
import { configRoot, projectArguments, sayUntaken } from './connection.ts';
import type { Invocation } from './invocation.ts';
import { durationOf } from './moments.ts';
import type { DetachOptions } from './options.ts';
import { sayProgress } from './progress.ts';
import { select } from './selection.ts';

const never: AbortSignal = new AbortController().signal;
/** How long the exit of a manager that is gone is waited for, ms. */
const lastWordsMs = 5000;

/** Leaves a manager running in the background, and says how its processes have come up. */
export async function detach(options: DetachOptions, invocation: Invocation): Promise<ExitCode> {
  // Before anything is started, so that a mistake starts nothing. From now on: a manager takes its time to start, too.
  const { timeout } = options;
  const timeUp = timeout === undefined ? never : AbortSignal.timeout(await durationOf('--timeout', timeout));
  let ended: Promise<Error> | undefined;
  const connection = await reach(options, invocation, (fault) => {
    ended = fault;
    // Mostly nobody asks.
    fault.catch(() => undefined);
  });
  const enough = new AbortController();
  const closing = watchClosing(connection, enough.signal);
  const { patient } = options;
  using _progress = invocation.json
    ? undefined
    : sayProgress(
        connection,
        (views) => movingOf(views, { patient }),
        (text) => invocation.err.note(invocation.err.palette.dim(text)),
      );
  const views = await awaitSettled(connection, timeUp, { patient }).catch(async (fault: unknown) => {
    // It may have gone in the middle of a question.
    if ((await closing)?.failed !== undefined) return [];
    // Or before the first one: then what it has written tells why.
    throw (await Promise.race([ended, sleep(lastWordsMs)])) ?? fault;
  });
  // One that closes says why to its end.
  if (await isRunning(connection)) enough.abort();
  const code = report(views, await closing, invocation);
  if (timeUp.aborted && code !== exitCodes.done)
    invocation.err.line(`Time is up after ${timeout}; the manager goes on.`);
  return code;
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
  { names, dependencies, only, watchConfig }: DetachOptions,
  invocation: Invocation,
  onStart: BackgroundOptions['onStart'],
): Promise<ManagerConnection> {
  const root = await configRoot(invocation);
  const running = await connectIfUp(root);
  if (running !== undefined) {
    if ((await running.status()).manager.ephemeral) await running.keep();
    sayUntaken({ watchConfig }, invocation);
    await select(running, { names, dependencies, only });
    return running;
  }
  const files = await prepareProject(root);
  const flags = [...(watchConfig ? ['--watch-config'] : []), ...(dependencies ? [] : ['--no-deps'])];
  const args = [...projectArguments(invocation, root), ...flags, ...names];
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
