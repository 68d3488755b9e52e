import type { ManagerEvent } from '@promptbin/core';
import { abortWhenUnwanted } from '../control/signals.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { Canvas } from '../render/canvas.ts';
import { tableOf } from '../render/status.ts';
import { clockTime } from '../render/time.ts';
import { connectToProject } from './connection.ts';
import { agedBy, followOverview } from './follow-overview.ts';
import type { Invocation } from './invocation.ts';
import { type Overview, overviewJson } from './ps.ts';

/** Shows where every process is until a signal, or until the manager ends: anew with every event. */
export async function psWatch(invocation: Invocation): Promise<ExitCode> {
  const { json, out, err } = invocation;
  const connection = await connectToProject(invocation);
  const ended = new AbortController();
  abortWhenUnwanted(ended, out);
  if (json || out.rows === undefined) {
    // What has changed is told, and not what they need at the moment: that would be a table every few seconds.
    const isNews = ({ type }: ManagerEvent): boolean => json || type !== 'process.sample';
    await followOverview(connection, { signal: ended.signal, isNews }, async (overview) => {
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
    await followOverview(connection, { signal: ended.signal, isNews: () => true }, async (overview) => {
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

function linesOf(overview: Overview, sinceMs: number, { out }: Invocation): readonly string[] {
  const { status, resources } = agedBy(sinceMs, overview);
  const { manager, processes } = status;
  const head = `${clockTime(Date.now())}  ${manager.project} (pid ${manager.pid}); Ctrl-C ends the watch`;
  return [out.palette.dim(head.slice(0, out.columns)), '', ...tableOf(out, processes, resources)];
}
