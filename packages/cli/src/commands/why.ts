import type { ExplainResult, ManagerEvent, Reason, StartTiming } from '@promptbin/core';
import { goneFault } from '../control/client.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { type Palette, tameLine } from '../render/color.ts';
import { commandLines } from '../render/next-steps.ts';
import type { Screen } from '../render/screen.ts';
import { clockTime } from '../render/time.ts';
import { ask } from './call.ts';
import { connectIfThere, projectRoot } from './connection.ts';
import type { Invocation } from './invocation.ts';
import { hasJournal, journalOf, readPast } from './past.ts';

/** So many of the newest events explain enough. */
const farthest = 20_000;

/** Explains why a process is where it is or, without a manager, where it was when one was last heard of. */
export async function why(name: string, invocation: Invocation): Promise<ExitCode> {
  const connection = await connectIfThere(invocation);
  const explained =
    connection === undefined
      ? await explainPast(name, invocation)
      : await ask<ExplainResult>(connection, 'process.explain', { name });
  if (invocation.json) {
    const { logCursor: _, next, ...facts } = explained;
    invocation.out.json({ version: 1, ok: true, ...facts, next: commandLines(next) });
  } else show(explained, invocation.out);
  return exitCodes.done;
}

/** By the journal. */
async function explainPast(name: string, invocation: Invocation): Promise<ExplainResult> {
  const root = projectRoot(invocation);
  if (!(await hasJournal(root))) throw await goneFault(root);
  const { snapshot, manager } = await readPast(root, Date.now());
  const { explainRecord, unknownProcess } = await import('@promptbin/core');
  const events: ManagerEvent[] = [];
  for await (const event of journalOf(root, snapshot.seq - farthest)) events.push(event);
  const explained = explainRecord(name, events);
  if (explained === undefined) {
    throw unknownProcess(
      name,
      snapshot.processes.map((view) => view.name),
    );
  }
  const end = manager === 'closed' ? 'ended at' : 'was killed after';
  invocation.err.line(`No manager is running; the last one ${end} ${clockTime(snapshot.at)}. This is by its journal.`);
  // There is nobody who could do it.
  return { ...explained, next: [] };
}

function show(explained: ExplainResult, screen: Screen): void {
  const { summary, verdict, cause, evidence, because, start, changed, chain, next } = explained;
  const { palette } = screen;
  const paint = verdict === 'up' ? palette.green : verdict === 'down' ? palette.red : palette.yellow;
  screen.line(paint(summary));
  // The first is how it stands, which has been said. A line is shown among its like, where there are any.
  const said = because.slice(1).filter(({ line }) => line === undefined || evidence.length < 2);
  const texts = [summary, ...said.map(({ text }) => text)];
  const isTold = (text: string): boolean => texts.some((one) => one.includes(text));
  for (const reason of said) screen.line(`  ${palette.dim('←')} ${showReason(reason, palette)}`);
  if (cause !== undefined) screen.line(`cause: ${cause.code}${isTold(cause.message) ? '' : ` (${cause.message})`}`);
  for (const line of evidence) if (!isTold(line)) screen.line(`  ${palette.dim('│')} ${tameLine(line, palette)}`);
  if (start !== undefined && isWorthTelling(start, verdict)) screen.line(`start: ${describeStart(start, verdict)}`);
  if (changed !== undefined && changed.what.length > 0) {
    screen.line(`changed since it was ready, at ${clockTime(changed.since)}:`);
    for (const { text, at } of changed.what) screen.line(`  ${palette.dim(clockTime(at ?? changed.since))}  ${text}`);
  }
  if (chain.length > 0) screen.line('what happened:');
  for (const { at, text } of chain) screen.line(`  ${palette.dim(clockTime(at))}  ${text}`);
  const commands = commandLines(next);
  if (commands.length > 0) screen.line('next:');
  for (const command of commands) screen.line(`  ${palette.cyan(command)}`);
}

function showReason({ text, line, at }: Reason, palette: Palette): string {
  const place = line === undefined ? at && clockTime(at) : `line ${line} of its output`;
  return place === undefined ? tameLine(text, palette) : `${tameLine(text, palette)} ${palette.dim(`(${place})`)}`;
}

/** One that went as always is no news. */
function isWorthTelling({ readyMs, usualMs }: StartTiming, verdict: ExplainResult['verdict']): boolean {
  return verdict === 'starting' || (usualMs !== undefined && readyMs > 2 * usualMs && readyMs - usualMs > 1000);
}

/** `waited 2.1 s for db: not ready; not ready 42 s after the spawn, usually 3.2 s`. */
function describeStart(
  { waitedMs, waitedFor, readyMs, usualMs }: StartTiming,
  verdict: ExplainResult['verdict'],
): string {
  const waited = waitedFor === undefined ? [] : [`waited ${inSeconds(waitedMs)} for ${waitedFor.join(', ')}`];
  const usual = usualMs === undefined ? '' : `, usually ${inSeconds(usualMs)}`;
  const ready = `${verdict === 'starting' ? 'not ready' : 'ready'} ${inSeconds(readyMs)} after the spawn${usual}`;
  return [...waited, ready].join('; ');
}

function inSeconds(ms: number): string {
  return `${Number((ms / 1000).toFixed(1))} s`;
}
