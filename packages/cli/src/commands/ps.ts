import type { Resources, ResourcesResult } from '@promptbin/core';
import type { ManagerConnection } from '../control/client.ts';
import type { ManagerStatus } from '../control/source.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { tableOf } from '../render/status.ts';
import { ask } from './call.ts';
import { connectToProject } from './connection.ts';
import type { Invocation } from './invocation.ts';

/** Where every process is, and what it needs. */
export interface Overview {
  readonly status: ManagerStatus;
  /** By name. */
  readonly resources: ReadonlyMap<string, Resources>;
}

/** Shows where every process is. */
export async function ps(invocation: Invocation): Promise<ExitCode> {
  const { json, out } = invocation;
  const overview = await readOverview(await connectToProject(invocation));
  if (json) out.json(overviewJson(overview));
  else for (const line of tableOf(out, overview.status.processes, overview.resources)) out.line(line);
  return exitCodes.done;
}

export async function readOverview(connection: ManagerConnection): Promise<Overview> {
  const asked = ask<ResourcesResult>(connection, 'process.resources');
  // One that is still coming up answers no commands, and has sampled nothing.
  asked.catch(() => undefined);
  const status = await connection.status();
  if (status.manager.state === 'starting') return { status, resources: new Map() };
  const { resources } = await asked;
  return { status, resources: new Map(Object.entries(resources)) };
}

export function overviewJson({ status, resources }: Overview): object {
  const processes = status.processes.map((view) => {
    const sample = resources.get(view.name);
    return { ...view, ...(sample !== undefined && { resources: sample }) };
  });
  return { ...status, processes };
}
