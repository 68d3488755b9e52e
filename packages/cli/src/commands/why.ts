import type { ExplainResult } from '@promptbin/core';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { tameLine } from '../render/color.ts';
import { commandLines } from '../render/next-steps.ts';
import type { Screen } from '../render/screen.ts';
import { clockTime } from '../render/time.ts';
import { ask } from './call.ts';
import { connectToProject } from './connection.ts';
import type { Invocation } from './invocation.ts';

/** Explains why a process is where it is. */
export async function why(name: string, invocation: Invocation): Promise<ExitCode> {
  const connection = await connectToProject(invocation);
  const explained = await ask<ExplainResult>(connection, 'process.explain', { name });
  if (invocation.json) {
    const { summary, verdict, cause, evidence, since, chain, next } = explained;
    invocation.out.json({
      version: 1,
      ok: true,
      name,
      summary,
      verdict,
      ...(cause !== undefined && { cause }),
      evidence,
      since,
      chain,
      next: commandLines(next),
    });
  } else show(explained, invocation.out);
  return exitCodes.done;
}

function show({ summary, verdict, cause, evidence, chain, next }: ExplainResult, screen: Screen): void {
  const { palette } = screen;
  const paint = verdict === 'up' ? palette.green : verdict === 'down' ? palette.red : palette.yellow;
  screen.line(paint(summary));
  if (cause !== undefined) screen.line(`cause: ${cause.code} (${cause.message})`);
  for (const line of evidence) screen.line(`  ${palette.dim('│')} ${tameLine(line, palette)}`);
  if (chain.length > 0) screen.line('what happened:');
  for (const { at, text } of chain) screen.line(`  ${palette.dim(clockTime(at))}  ${text}`);
  const commands = commandLines(next);
  if (commands.length > 0) screen.line('next:');
  for (const command of commands) screen.line(`  ${palette.cyan(command)}`);
}
