import { setTimeout as sleep } from 'node:timers/promises';
import type { ManagerStopResult } from '@promptbin/core';
import { isAlive } from '../control/alive.ts';
import { connect, goneFault, type ManagerConnection, unlessGone } from '../control/client.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { rethrown } from '../fault.ts';
import { caller } from './call.ts';
import { projectRoot } from './connection.ts';
import type { Invocation } from './invocation.ts';

export interface DownOptions {
  /** Skips every grace. */
  readonly force: boolean;
}

/** How long the manager may take to end once everything is stopped, ms. */
const patienceMs = 5000;
const pollMs = 20;

/** Stops every process and the manager; returns when the manager is gone. Without one, ends what the last one has left. */
export async function down(options: DownOptions, invocation: Invocation): Promise<ExitCode> {
  const root = projectRoot(invocation);
  const connection = await unlessGone(() => connect(root));
  return connection === undefined
    ? endLeftovers(root, options, invocation)
    : stopManager(connection, options, invocation);
}

async function stopManager(
  connection: ManagerConnection,
  { force }: DownOptions,
  { json, out, err }: Invocation,
): Promise<ExitCode> {
  const { manager } = await connection.status();
  const result = await connection.call('manager.stop', { force }, { caller });
  if (!result.ok) throw await rethrown(result.error);
  const { summary, receipts, unstopped } = result.value as ManagerStopResult;
  await untilGone(manager.project, manager.pid);
  const ok = unstopped.length === 0;
  if (json) out.json({ version: 1, ok, receipts, unstopped });
  else if (ok) out.note(summary);
  else err.line(summary);
  return ok ? exitCodes.done : exitCodes.unreached;
}

async function endLeftovers(root: string, { force }: DownOptions, { json, out, err }: Invocation): Promise<ExitCode> {
  const { endOrphans, findOrphans } = await import('@promptbin/core');
  const orphans = (await findOrphans(root)) ?? [];
  if (orphans.length === 0) throw await goneFault(root);
  const { ended, left } = await endOrphans(orphans, force ? { graceMs: 0 } : {});
  const unstopped = orphans.filter(({ pid }) => left.includes(pid)).map(({ process: name, pid }) => ({ name, pid }));
  const ok = left.length === 0;
  if (json) out.json({ version: 1, ok, receipts: [], unstopped, ended });
  else if (ok) out.note(`No manager was running; what one had left has ended: pid ${ended.join(', ')}.`);
  else err.line(`No manager was running; what one had left is still alive: pid ${left.join(', ')}.`);
  return ok ? exitCodes.done : exitCodes.unreached;
}

async function untilGone(project: string, pid: number): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (performance.now() < deadline && ((await answers(project, pid)) || isAlive(pid))) await sleep(pollMs);
}

async function answers(project: string, pid: number): Promise<boolean> {
  try {
    const connection = await connect(project);
    return (await connection.status()).manager.pid === pid;
  } catch {
    return false;
  }
}
