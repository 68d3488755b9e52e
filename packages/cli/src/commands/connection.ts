import { resolve } from 'node:path';
import { connect, type ManagerConnection } from '../control/client.ts';
import { findRoot } from '../control/project.ts';
import type { Invocation } from './invocation.ts';

/** The folder that a command is about, whether there is a config in it or not. */
export function projectRoot({ project, config }: Invocation): string {
  const root = findRoot({ ...(project !== undefined && { project }), ...(config !== undefined && { config }) });
  return root ?? resolve(project ?? '.');
}

/**
 * The manager of the project.
 *
 * @throws PromptbinError `PB_MANAGER_GONE`
 */
export async function connectToProject(invocation: Invocation): Promise<ManagerConnection> {
  return connect(projectRoot(invocation));
}
