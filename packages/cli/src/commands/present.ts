import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { awaitSettled, listProcesses, movingOf } from '../control/settle.ts';
import type { ManagerSource } from '../control/source.ts';
import { startCursor } from '../control/start-cursor.ts';
import { eventLines } from '../render/events.ts';
import { Gutter } from '../render/lines.ts';
import type { Screen } from '../render/screen.ts';
import { showOutcome, showTable } from '../render/status.ts';
import { sayProgress } from './progress.ts';

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
export async function present(options: PresentOptions): Promise<void> {
  const { source, screen, signal, from } = options;
  // Before the table, or what happens while it is drawn would be missed.
  const after = await cursorOf(source, from);
  // One listener for each process that is followed.
  setMaxListeners(0, signal);
  const { processes } = await source.status();
  const names = processes.map(({ name }) => name);
  const gutter = new Gutter(screen.palette, [...names, speaker]);
  const settled = awaitSettled(source, signal);
  const tabled = showFirstTable(settled, options);
  const progress = sayProgress(source, movingOf, (text) => screen.note(gutter.say(speaker, screen.palette.dim(text))));
  // Who comes later wants to see first where things stand.
  if (from === 'now') await tabled;
  const following = names.map((name) => showLines(name, options, gutter));
  const follow = (name: string): void => {
    gutter.add(name);
    following.push(showLines(name, options, gutter));
  };
  await Promise.all([
    showEvents(options, after, gutter, follow),
    tabled.then(async (complete) => {
      const views = await settled.finally(() => progress[Symbol.dispose]());
      if (signal.aborted || movingOf(views).length > 0) return;
      // The first table came before the end of a long start: it lacked what one waits for.
      if (!complete) showTable(screen, views);
      showOutcome(screen, views);
    }),
  ]);
  await Promise.all(following);
}

/** Shows the events as NDJSON. */
export async function presentJson({ source, screen, signal, from }: PresentOptions): Promise<void> {
  for await (const event of source.subscribe({ signal, after: await cursorOf(source, from) })) {
    screen.json(event);
    await screen.drained(signal);
  }
}

async function cursorOf(source: ManagerSource, from: PresentOptions['from']): Promise<number> {
  return from === 'start' ? startCursor(source) : (await listProcesses(source)).eventCursor;
}

/** Shows where things stand once they have settled, or when patience ends. False in the second case. */
async function showFirstTable(
  settled: ReturnType<typeof awaitSettled>,
  { source, screen, signal }: PresentOptions,
): Promise<boolean> {
  const early = await Promise.race([settled, sleep(patienceMs)]);
  if (!signal.aborted) showTable(screen, early ?? (await source.status()).processes);
  return early !== undefined;
}

async function showEvents(
  { source, screen, signal }: PresentOptions,
  after: number,
  gutter: Gutter,
  added: (name: string) => void,
): Promise<void> {
  for await (const event of source.subscribe({ signal, after })) {
    const least = screen.isQuiet ? 'warn' : 'info';
    for (const line of eventLines(event, screen.palette, least)) screen.line(gutter.say(speaker, line));
    if (event.type === 'process.added') added(event.data.name);
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
