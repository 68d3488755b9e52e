import type { ExplainResult, Reason, StartTiming } from '@promptbin/core';
import { type Palette, tameLine } from './color.ts';
import { commandLines } from './next-steps.ts';
import { clockTime } from './time.ts';

/** Why a process is where it is, what has changed, what happened and what to do, in lines. */
export function reasonLines(explained: ExplainResult, palette: Palette): readonly string[] {
  const { summary, verdict, cause, evidence, because, start, changed, chain, next } = explained;
  const lines: string[] = [];
  const paint = verdict === 'up' ? palette.green : verdict === 'down' ? palette.red : palette.yellow;
  lines.push(paint(summary));
  // The first is how it stands, which has been said. A line is shown among its like, where there are any.
  const said = because.slice(1).filter(({ line }) => line === undefined || evidence.length < 2);
  const texts = [summary, ...said.map(({ text }) => text)];
  const isTold = (text: string): boolean => texts.some((one) => one.includes(text));
  for (const reason of said) lines.push(`  ${palette.dim('←')} ${showReason(reason, palette)}`);
  if (cause !== undefined) lines.push(`cause: ${cause.code}${isTold(cause.message) ? '' : ` (${cause.message})`}`);
  for (const line of evidence) if (!isTold(line)) lines.push(`  ${palette.dim('│')} ${tameLine(line, palette)}`);
  if (start !== undefined && isWorthTelling(start, verdict)) lines.push(`start: ${describeStart(start, verdict)}`);
  if (changed !== undefined && changed.what.length > 0) {
    lines.push(`changed since it was ready, at ${clockTime(changed.since)}:`);
    for (const { text, at } of changed.what) lines.push(`  ${palette.dim(clockTime(at ?? changed.since))}  ${text}`);
  }
  if (chain.length > 0) lines.push('what happened:');
  for (const { at, text } of chain) lines.push(`  ${palette.dim(clockTime(at))}  ${text}`);
  const commands = commandLines(next);
  if (commands.length > 0) lines.push('next:');
  for (const command of commands) lines.push(`  ${palette.cyan(command)}`);
  return lines;
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
