import type { ProcessView, ReloadReport } from '@promptbin/core';
import { awaitSettled, isUp } from '../control/settle.ts';
import { type ExitCode, exitCodeOf, exitCodes } from '../exit-codes.ts';
import { rethrown } from '../fault.ts';
import { showFault } from '../render/failure.ts';
import { showPlan } from '../render/plan.ts';
import { showOutcome, showTable } from '../render/status.ts';
import { caller } from './call.ts';
import { connectToProject } from './connection.ts';
import type { Invocation } from './invocation.ts';

export interface ReloadCommandOptions {
  /** Only say what would be done. */
  readonly dryRun: boolean;
}

/** Has the manager take the config anew, and waits until what that has started is ready. */
export async function reload({ dryRun }: ReloadCommandOptions, invocation: Invocation): Promise<ExitCode> {
  const { json, out, err, set, mode } = invocation;
  const connection = await connectToProject(invocation);
  const input = { dryRun, ...(set.length > 0 && { set }), ...(mode !== undefined && { mode }) };
  const result = await connection.call('config.reload', input, { caller });
  if (!result.ok) {
    const { error, value } = result;
    const fault = await rethrown(error, value);
    if (json || exitCodeOf(error) !== exitCodes.usage) throw fault;
    await showFault(err, fault);
    err.line('Nothing has changed: the manager goes on with the config that it has.');
    return exitCodes.usage;
  }
  const report = result.value as ReloadReport;
  if (!json) showPlan(out, report);
  const started = report.processes.filter(({ action }) => action === 'add' || action === 'restart');
  const names = report.applied ? started.map(({ name }) => name) : [];
  const views = await awaitSettled(connection, new AbortController().signal, { names });
  const ok = views.every((view) => view.desired === 'down' || isUp(view));
  if (json) show(report, views, { ok, out });
  else if (views.length > 0) {
    showTable(out, views);
    showOutcome(out, views);
  }
  return ok ? exitCodes.done : exitCodes.unreached;
}

function show(
  { summary, applied, processes, plugins }: ReloadReport,
  views: readonly ProcessView[],
  { ok, out }: { readonly ok: boolean; readonly out: Invocation['out'] },
): void {
  out.json({ version: 1, ok, summary, applied, plan: processes, plugins, processes: views });
}
