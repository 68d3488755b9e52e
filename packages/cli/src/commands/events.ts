import type { EventsResult, ManagerEvent } from '@promptbin/core';
import { processOf } from '@promptbin/core/words';
import { connect, goneFault, type ManagerConnection, unlessGone } from '../control/client.ts';
import { type Gap, gapBefore } from '../control/gaps.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { eventLines } from '../render/events.ts';
import type { Screen } from '../render/screen.ts';
import { clockTime } from '../render/time.ts';
import { ask } from './call.ts';
import { projectRoot } from './connection.ts';
import type { Invocation } from './invocation.ts';
import type { EventsOptions } from './options.ts';
import { hasJournal, journalOf } from './past.ts';

/** So many of the newest, when it is not said from where on. */
const usual = 50;

/** Tells what has happened, and goes on with what happens. Without a manager, what the journal holds. */
export async function events(options: EventsOptions, invocation: Invocation): Promise<ExitCode> {
  const root = projectRoot(invocation);
  const connection = await unlessGone(() => connect(root));
  if (connection !== undefined) await tellLive(connection, options, invocation);
  else if (options.follow || !(await hasJournal(root))) throw await goneFault(root);
  else {
    invocation.err.line('No manager is running: this is what the journal tells.');
    await tell(journalOf(root, options.after), Number.POSITIVE_INFINITY, options.after, options, invocation);
  }
  return exitCodes.done;
}

async function tellLive(connection: ManagerConnection, options: EventsOptions, invocation: Invocation): Promise<void> {
  const { names, follow, after } = options;
  const { out, err } = invocation;
  const newest = await newestOf(connection, names);
  const isForeign = after !== undefined && after > newest;
  if (isForeign) err.line(`Event ${after} is of a manager that has ended, and this one counts from 1: all is told.`);
  const from = after === undefined || isForeign ? 0 : after;
  if (from >= newest && !follow) return;
  void out.gone.then(() => connection.close());
  await tell(
    connection.subscribe({ after: from }),
    newest,
    after === undefined ? undefined : from,
    options,
    invocation,
  );
}

/**
 * @param newest `seq` of the newest that is there: what comes later is told as it comes
 * @param after what was known before; undefined when the newest ones alone were asked for
 */
async function tell(
  items: AsyncIterable<ManagerEvent>,
  newest: number,
  after: number | undefined,
  { names, follow, lines }: EventsOptions,
  { out, json }: Invocation,
): Promise<void> {
  const fits = (event: ManagerEvent): boolean =>
    (names.length === 0 || names.includes(processOf(event) ?? '')) &&
    (json || eventLines(event, out.palette).length > 0);
  let most = lines ?? (after === undefined ? usual : Number.POSITIVE_INFINITY);
  let waiting: (ManagerEvent | Gap)[] = [];
  const show = async (): Promise<void> => {
    for (const item of newestIn(waiting, most)) {
      if (json) out.json(item);
      else showItem(out, item);
    }
    waiting = [];
    await out.drained();
  };
  // What was forgotten before the newest ones was not asked for.
  let last = after;
  for await (const event of items) {
    const gap = gapBefore(event, last);
    if (gap !== undefined) waiting.push(gap);
    last = event.seq;
    if (fits(event)) waiting.push(event);
    const isPresent = event.seq >= newest;
    if (!isPresent && most < Number.POSITIVE_INFINITY) {
      if (waiting.length >= 2 * most) waiting = newestIn(waiting, most);
      continue;
    }
    await show();
    if (isPresent && !follow) break;
    if (isPresent) most = Number.POSITIVE_INFINITY;
  }
  await show();
}

/**
 * `seq` of the newest event.
 *
 * @throws PromptbinError `PB_PROCESS_UNKNOWN` when nothing is known of one of `names`
 */
async function newestOf(connection: ManagerConnection, names: readonly string[]): Promise<number> {
  const queries = names.length === 0 ? [{}] : names.map((name) => ({ name }));
  const answers = await Promise.all(
    queries.map((query) => ask<EventsResult>(connection, 'event.list', { ...query, limit: 1 })),
  );
  return Math.max(...answers.map(({ nextCursor }) => nextCursor));
}

function newestIn<T>(items: readonly T[], most: number): T[] {
  return items.slice(Math.max(0, items.length - most));
}

function showItem(screen: Screen, item: ManagerEvent | Gap): void {
  const { palette } = screen;
  if (item.type === 'gap') {
    screen.line(palette.dim(`… ${item.data.missed} events are no longer kept`));
    return;
  }
  const time = clockTime(item.at);
  eventLines(item, palette).forEach((line, index) => {
    screen.line(`${index === 0 ? palette.dim(time) : ' '.repeat(time.length)}  ${line}`);
  });
}
