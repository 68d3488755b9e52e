import { setTimeout as sleep } from 'node:timers/promises';
import type { ListResult } from '@promptbin/core';
import { Bell } from '../control/bell.ts';
import type { ManagerConnection } from '../control/client.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { publicError } from '../fault.ts';
import { Canvas } from '../render/canvas.ts';
import { tableOf } from '../render/status.ts';
import { clockTime } from '../render/time.ts';
import { ask } from './call.ts';
import { connectToProject } from './connection.ts';
import type { Invocation } from './invocation.ts';
import { type Overview, overviewJson, readOverview } from './ps.ts';

/** What happens within this time is drawn together, ms. */
const gatherMs = 100;

/** Shows where every process is until a signal, or until the manager ends: anew with every event. */
export async function psWatch(invocation: Invocation): Promise<ExitCode> {
  const { json, out, err } = invocation;
  const connection = await connectToProject(invocation);
  const ended = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => ended.abort());
  void out.gone.then(() => ended.abort());
  if (json || out.rows === undefined) {
    // What has changed is told, and not what they need at the moment: that would be a table every few seconds.
    const isNews = (type: string): boolean => json || type !== 'process.sample';
    await follow(connection, { signal: ended.signal, isNews }, async (overview) => {
      if (json) out.json(overviewJson(overview));
      else for (const line of [...tableOf(out, overview.status.processes), '']) out.line(line);
      await out.drained(ended.signal);
    });
    return exitCodes.done;
  }

  let last: { readonly overview: Overview; readonly at: number } | undefined;
  const draw = (): void => {
    if (last !== undefined) canvas.draw(linesOf(last.overview, performance.now() - last.at, invocation));
  };
  using canvas = new Canvas(out);
  // Only the clock: how long they have been up is known without asking.
  const ticking = setInterval(draw, 1000);
  try {
    await follow(connection, { signal: ended.signal, isNews: () => true }, async (overview) => {
      last = { overview, at: performance.now() };
      draw();
    });
  } finally {
    clearInterval(ticking);
  }
  canvas[Symbol.dispose]();
  if (!ended.signal.aborted) err.line('The manager has ended.');
  return exitCodes.done;
}

/** Tells of where things stand now, and after every event that is news. */
async function follow(
  connection: ManagerConnection,
  { signal, isNews }: { readonly signal: AbortSignal; readonly isNews: (type: string) => boolean },
  show: (overview: Overview) => Promise<void>,
): Promise<void> {
  const { eventCursor } = await ask<ListResult>(connection, 'process.list');
  const bell = new Bell();
  let isOver = false;
  const listening = (async () => {
    try {
      for await (const { type } of connection.subscribe({ after: eventCursor, signal })) if (isNews(type)) bell.ring();
    } finally {
      isOver = true;
      bell.ring();
    }
  })();
  // Whoever waits for it hears of a fault; until then it is not unhandled.
  listening.catch(() => {});
  while (!isOver) {
    const overview = await readOverview(connection).catch(async (cause) => {
      if (publicError(cause).code !== 'PB_MANAGER_GONE') throw cause;
      // It has ended since the last event. Its stream tells whether that was a stop or a crash.
      await listening;
    });
    if (overview === undefined) return;
    await show(overview);
    await bell.heard();
    if (!isOver) await sleep(gatherMs, undefined, { signal }).catch(() => {});
  }
  await listening;
}

function linesOf({ status, resources }: Overview, sinceMs: number, { out }: Invocation): readonly string[] {
  const { manager, processes } = status;
  const views = processes.map((view) =>
    view.uptimeSec === undefined ? view : { ...view, uptimeSec: view.uptimeSec + Math.floor(sinceMs / 1000) },
  );
  const head = `${clockTime(Date.now())}  ${manager.project} (pid ${manager.pid}); Ctrl-C ends the watch`;
  return [out.palette.dim(head.slice(0, out.columns)), '', ...tableOf(out, views, resources)];
}
