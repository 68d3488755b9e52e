import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadedConfig, PublicError } from '@promptbin/core';
import { connectIfUp, heldFault } from '../control/background.ts';
import type { ManagerConnection } from '../control/client.ts';
import { guardLoading } from '../control/load-guard.ts';
import { acquireLock } from '../control/lock.ts';
import { findConfig, type ProjectFiles, prepareProject } from '../control/project.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { failureJson, showFailure } from '../render/failure.ts';
import { attach } from './attach.ts';
import { loadProjectConfig, projectRoot, sayUntaken } from './connection.ts';
import type { Invocation } from './invocation.ts';
import { manage } from './manage.ts';
import type { UpOptions } from './options.ts';

// A manager that is just starting, or on its way out, is given this time.
const patienceMs = 10_000;
const pollMs = 50;

/** Manages the project from this terminal, or attaches to the manager that does. */
export async function up(options: UpOptions, invocation: Invocation): Promise<ExitCode> {
  const loaded = await load(invocation);
  const files = await prepareProject(loaded.root);
  const { lock, connection } = await lockOrConnect(files);
  if (lock !== undefined) return manage({ ...options, loaded, files, lock }, invocation);
  if (!options.background) {
    sayUntaken(options, invocation);
    return attach(connection, options.names, invocation);
  }
  connection.close();
  return exitCodes.done;
}

/** Not in another thread first: that would put off the first start. */
async function load(invocation: Invocation): Promise<LoadedConfig> {
  const { json, out, err, project = '.', config } = invocation;
  const root = projectRoot(invocation);
  const file = config === undefined ? (findConfig(root) ?? root) : resolve(project, config);
  const say = (error: PublicError): void => (json ? out.json(failureJson(error)) : showFailure(err, error));
  return guardLoading(() => loadProjectConfig(invocation), { file, say });
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
