import { setTimeout as sleep } from 'node:timers/promises';
import { connectIfUp, heldFault } from '../control/background.ts';
import type { ManagerConnection } from '../control/client.ts';
import { acquireLock } from '../control/lock.ts';
import { type ProjectFiles, prepareProject } from '../control/project.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { attach } from './attach.ts';
import { loadProjectConfig } from './connection.ts';
import type { Invocation } from './invocation.ts';
import { manage } from './manage.ts';
import type { UpOptions } from './options.ts';

// A manager that is just starting, or on its way out, is given this time.
const patienceMs = 10_000;
const pollMs = 50;

/** Manages the project from this terminal, or attaches to the manager that does. */
export async function up(options: UpOptions, invocation: Invocation): Promise<ExitCode> {
  const loaded = await loadProjectConfig(invocation);
  const files = await prepareProject(loaded.root);
  const { lock, connection } = await lockOrConnect(files);
  if (lock !== undefined) return manage({ ...options, loaded, files, lock }, invocation);
  if (!options.background) return attach(connection, options.names, invocation);
  connection.close();
  return exitCodes.done;
}

type Held = { lock: Disposable; connection?: never } | { lock?: never; connection: ManagerConnection };

async function lockOrConnect(files: ProjectFiles): Promise<Held> {
  const deadline = performance.now() + patienceMs;
  while (performance.now() < deadline) {
    const lock = acquireLock(files.lock);
    if (lock !== undefined) return { lock };
    const connection = await connectIfUp(files.root);
    if (connection !== undefined) return { connection };
    await sleep(pollMs);
  }
  throw await heldFault(files);
}
