import type { ExplainResult, ManagerEvent } from '@promptbin/core';
import { connect, goneFault, unlessGone } from '../control/client.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { commandLines } from '../render/next-steps.ts';
import { reasonLines } from '../render/reasons.ts';
import { clockTime } from '../render/time.ts';
import { ask } from './call.ts';
import { projectRoot } from './connection.ts';
import type { Invocation } from './invocation.ts';
import { hasJournal, journalOf, readPast } from './past.ts';

/** So many of the newest events explain enough. */
const farthest = 20_000;

/** Explains why a process is where it is or, without a manager, where it was when one was last heard of. */
export async function why(name: string, invocation: Invocation): Promise<ExitCode> {
  const root = projectRoot(invocation);
  const connection = await unlessGone(() => connect(root));
  const explained =
    connection === undefined
      ? await explainPast(name, root, invocation)
      : await ask<ExplainResult>(connection, 'process.explain', { name });
  if (invocation.json) {
    const { logCursor: _, next, ...facts } = explained;
    invocation.out.json({ version: 1, ok: true, ...facts, next: commandLines(next) });
  } else for (const line of reasonLines(explained, invocation.out.palette)) invocation.out.line(line);
  return exitCodes.done;
}

/** By the journal. */
async function explainPast(name: string, root: string, { err }: Invocation): Promise<ExplainResult> {
  if (!(await hasJournal(root))) throw await goneFault(root);
  const { snapshot, manager } = await readPast(root, Date.now());
  const { explainRecord, unknownProcess } = await import('@promptbin/core');
  const events: ManagerEvent[] = [];
  for await (const event of journalOf(root, snapshot.seq - farthest)) events.push(event);
  const explained = explainRecord(name, snapshot.processes, events);
  if (explained === undefined) {
    throw unknownProcess(
      name,
      snapshot.processes.map((view) => view.name),
    );
  }
  const end = manager === 'closed' ? 'ended at' : 'was killed after';
  err.line(`No manager is running; the last one ${end} ${clockTime(snapshot.at)}. This is by its journal.`);
  // There is nobody who could do it.
  return { ...explained, next: [] };
}
