import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadedConfig, PublicError } from '@promptbin/core';
import type { ManagerConnection } from '../control/client.ts';
import { guardLoading } from '../control/load-guard.ts';
import { acquireLock } from '../control/lock.ts';
import { stayLean } from '../control/memory.ts';
import { findConfig, type ProjectFiles, prepareProject } from '../control/project.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { failureJson, showFailure } from '../render/failure.ts';
import { loadProjectConfig, projectRoot, sayUntaken } from './connection.ts';
import type { Invocation } from './invocation.ts';
import type { UpOptions } from './options.ts';

// A manager that is just starting, or on its way out, is given this time.
const patienceMs = 10_000;
const pollMs = 50;

/** Manages the project from this terminal, or attaches to the manager that does. */
export async function up(options: UpOptions, invocation: Invocation): Promise<ExitCode> {
  stayLean();
  const loaded = await load(invocation);
  const files = await prepareProject(loaded.root);
  const { lock, connection } = await lockOrConnect(files);
  // What is not needed is not loaded: the first process is waited for.
  if (lock !== undefined) return (await import('./manage.ts')).manage({ ...options, loaded, files, lock }, invocation);
  if (options.background) {
    connection.close();
    return exitCodes.done;
  }
  sayUntaken(options, invocation);
  return (await import('./attach.ts')).attach(connection, options, invocation);
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
  const free = acquireLock(files.lock);
  if (free !== undefined) return { lock: free };
  const { connectIfUp, heldFault } = await import('../control/background.ts');
  const deadline = performance.now() + patienceMs;
  while (performance.now() < deadline) {
    const connection = await connectIfUp(files.root);
    if (connection !== undefined) return { connection };
    await sleep(pollMs);
    const lock = acquireLock(files.lock);
    if (lock !== undefined) return { lock };
  }
  throw await heldFault(files);
}
