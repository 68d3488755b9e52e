import type { Orphan } from '@promptbin/core';
import { projectRoot } from '../commands/connection.ts';
import type { Invocation } from '../commands/invocation.ts';
import { connectIfUp } from '../control/background.ts';
import type { ManagerStatus } from '../control/source.ts';
import { version } from '../version.ts';
import { cgroupFinding } from './cgroups.ts';
import { commandFindings, configFinding } from './config.ts';
import { fileFindings } from './files.ts';
import type { Finding } from './finding.ts';
import { leftoverFindings } from './leftovers.ts';
import { limitFindings } from './limits.ts';
import { portFindings } from './ports.ts';

/** Looks at all that may keep a project from working, one check after the other. Nothing is changed. */
export async function* examine(invocation: Invocation): AsyncGenerator<Finding> {
  const root = projectRoot(invocation);
  const status = await statusOf(root);
  yield* versionFindings(status);
  const { finding, processes } = await configFinding(invocation);
  yield finding;
  yield* commandFindings(processes);
  const orphans = await leftBehind(root, status);
  yield* leftoverFindings(orphans);
  yield* portFindings(processes, status, orphans ?? []);
  yield* fileFindings(root, status);
  yield* limitFindings(status?.manager.pid);
  yield await cgroupFinding();
}

/** The leftovers alone, without what is to go on without a manager. */
export async function orphansOf(invocation: Invocation): Promise<readonly Orphan[] | undefined> {
  const root = projectRoot(invocation);
  return (await leftBehind(root, await statusOf(root)))?.filter(({ kept }) => !kept);
}

/** Undefined where the platform does not tell. What the manager that runs has taken over is not left any more. */
async function leftBehind(root: string, status: ManagerStatus | undefined): Promise<readonly Orphan[] | undefined> {
  const { findOrphans } = await import('@promptbin/core');
  const isTaken = ({ kept, process, run }: Orphan): boolean =>
    kept &&
    status?.processes.some(({ name, generation, pid }) => name === process && generation === run && pid) === true;
  return (await findOrphans(root))?.filter((orphan) => !isTaken(orphan));
}

async function statusOf(root: string): Promise<ManagerStatus | undefined> {
  const connection = await connectIfUp(root).catch(() => undefined);
  const status = await connection?.status().catch(() => undefined);
  connection?.close();
  return status;
}

function* versionFindings(status: ManagerStatus | undefined): Generator<Finding> {
  const own = `promptbin ${version}, Node ${process.versions.node}`;
  if (status === undefined) {
    yield { check: 'manager', level: 'ok', text: `${own}; no manager is running` };
    return;
  }
  const { pid, version: its } = status.manager;
  if (its === version) yield { check: 'manager', level: 'ok', text: `${own}; the manager runs as pid ${pid}` };
  else {
    yield {
      check: 'manager',
      level: 'warning',
      text: `The manager that runs (pid ${pid}) is of version ${its}, and this is ${version}.`,
      advice: 'Run: promptbin down && promptbin up --detach',
    };
  }
}
