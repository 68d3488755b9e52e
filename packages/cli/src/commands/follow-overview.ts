import { setTimeout as sleep } from 'node:timers/promises';
import type { ListResult, ManagerEvent } from '@promptbin/core';
import { Bell } from '../control/bell.ts';
import type { ManagerConnection } from '../control/client.ts';
import { publicError } from '../fault.ts';
import { ask } from './call.ts';
import { type Overview, readOverview } from './ps.ts';

/** What happens within this time is shown together, ms. */
const gatherMs = 100;

export interface FollowOptions {
  readonly signal: AbortSignal;
  /** Whether it is worth another look. */
  readonly isNews: (event: ManagerEvent) => boolean;
  /** How many of the newest events are heard, too. Default: none. */
  readonly before?: number;
}

/** Tells of where things stand now, and after every event that is news, until the signal or the manager ends. */
export async function followOverview(
  connection: ManagerConnection,
  { signal, isNews, before = 0 }: FollowOptions,
  show: (overview: Overview) => void | Promise<void>,
): Promise<void> {
  const { eventCursor } = await ask<ListResult>(connection, 'process.list');
  const bell = new Bell();
  let isOver = false;
  const listening = (async () => {
    try {
      const after = Math.max(0, eventCursor - before);
      for await (const event of connection.subscribe({ after, signal })) if (isNews(event)) bell.ring();
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

/** How long they have been up is known without asking. */
export function agedBy(ms: number, { status, resources }: Overview): Overview {
  const processes = status.processes.map((view) =>
    view.uptimeSec === undefined ? view : { ...view, uptimeSec: view.uptimeSec + Math.floor(ms / 1000) },
  );
  return { status: { ...status, processes }, resources };
}
