import { setTimeout as sleep } from 'node:timers/promises';
import type { ManagerStopResult } from '@promptbin/core';
import { connect } from '../control/client.ts';
import { publicError, rethrown } from '../fault.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
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
export async function down({ force }: DownOptions, invocation: Invocation): Promise<ExitCode> {
  const { json, out, err } = invocation;
  const connection = await connectToProject(invocation);
  const { manager } = await connection.status();
  const result = await connection.call('manager.stop', { force }, { caller });
  if (!result.ok) throw await rethrown(result.error);
  await untilGone(manager.project);
  const { summary, receipts, unstopped } = result.value as ManagerStopResult;
  if (json) {
    const { processes } = { processes: [] };
    out.json({ version: 1, ok: unstopped.length === 0, processes, receipts });
  } else if (unstopped.length === 0) out.line(summary);
  else err.line(summary);
  return unstopped.length === 0 ? exitCodes.done : exitCodes.unreached;
}
