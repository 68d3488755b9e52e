import { setTimeout as sleep } from 'node:timers/promises';
import type { ManagerStopResult } from '@promptbin/core';
import { isAlive } from '../control/alive.ts';
import { connect } from '../control/client.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { rethrown } from '../fault.ts';
import { caller } from './call.ts';
import { connectToProject } from './connection.ts';
import type { Invocation } from './invocation.ts';

export interface DownOptions {
  /** Skips every grace. */
  readonly force: boolean;
}

/** How long the manager may take to end once everything is stopped, ms. */
const patienceMs = 5000;
const pollMs = 20;

/** Stops every process and the manager; returns when the manager is gone. */
export async function down({ force }: DownOptions, { json, out, err, ...choice }: Invocation): Promise<ExitCode> {
  const connection = await connectToProject({ json, out, err, ...choice });
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
