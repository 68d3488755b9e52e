import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventText, ManagerEvent } from '@promptbin/core';
import { awaitSettled, isSettled } from '../control/settle.ts';
import type { ManagerSource } from '../control/source.ts';
import type { Palette } from '../render/color.ts';
import { Gutter } from '../render/lines.ts';
import type { Screen } from '../render/screen.ts';
import { showOutcome, showTable } from '../render/status.ts';

export interface PresentOptions {
  readonly source: ManagerSource;
  readonly screen: Screen;
  readonly signal: AbortSignal;
  /** From the beginning of the manager, or from now on, with the last few lines of each process. */
  readonly from: 'start' | 'now';
}

/** The name under which the manager itself speaks. */
const speaker = 'promptbin';
/** The table is printed after this time even if processes are still on their way, ms. */
const patienceMs = 2000;

/** Shows a manager on the terminal until the signal or the manager ends: output, changes of state, the first table, URLs. */
export async function present({ source, screen, signal, from }: PresentOptions): Promise<void> {
  // One listener for each process that is followed.
  setMaxListeners(0, signal);
  const { processes } = await source.status();
  const names = processes.map(({ name }) => name);
  const gutter = new Gutter(screen.palette, [...names, speaker]);
  await Promise.all([
    showEvents({ source, screen, signal, from }, gutter),
    ...names.map((name) => showLines(name, { source, screen, signal, from }, gutter)),
    showSettled(source, screen, signal),
  ]);
}

/** Shows the events as NDJSON, all of them from the beginning. */
export async function presentJson({ source, screen, signal, from }: PresentOptions): Promise<void> {
  for await (const event of source.subscribe({ signal, ...(from === 'start' && { after: 0 }) })) {
    screen.json(event);
    await screen.drained(signal);
  }
}

async function showEvents({ source, screen, signal, from }: PresentOptions, gutter: Gutter): Promise<void> {
  const { describeEvent } = await import('@promptbin/core');
  for await (const event of source.subscribe({ signal, ...(from === 'start' && { after: 0 }) })) {
    const { level, text } = describeEvent(event as ManagerEvent);
    if (level !== 'debug') screen.line(gutter.say(speaker, paintLevel(screen.palette, level)(text)));
    await screen.drained(signal);
  }
}

async function showLines(
  name: string,
  { source, screen, signal, from }: PresentOptions,
  gutter: Gutter,
): Promise<void> {
  let last: number | undefined;
  for await (const line of source.lines(name, { follow: true, signal, ...(from === 'now' && { tail: 10 }) })) {
    const missed = last === undefined ? 0 : line.seq - last - 1;
    if (missed > 0) screen.line(gutter.say(name, screen.palette.dim(`… ${missed} lines left out`)));
    last = line.seq;
    screen.line(gutter.line(line));
    await screen.drained(signal);
  }
}

async function showSettled(source: ManagerSource, screen: Screen, signal: AbortSignal): Promise<void> {
  const settled = awaitSettled(source, signal);
  const early = await Promise.race([settled, sleep(patienceMs)]);
  if (signal.aborted) return;
  showTable(screen, early ?? (await source.status()).processes);
  const views = await settled;
  if (!signal.aborted && isSettled(views)) showOutcome(screen, views);
}

function paintLevel(palette: Palette, level: EventText['level']): (text: string) => string {
  if (level === 'error') return palette.red;
  return level === 'warn' ? palette.yellow : (text) => text;
}
