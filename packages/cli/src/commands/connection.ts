import { resolve } from 'node:path';
import type { LoadedConfig } from '@promptbin/core';
import { connect, type ManagerConnection } from '../control/client.ts';
import { findRoot } from '../control/project.ts';
import type { Invocation } from './invocation.ts';

/** The folder that a command is about, whether there is a config in it or not. */
export function projectRoot(invocation: Invocation): string {
  return findRoot(invocation) ?? resolve(invocation.project ?? '.');
}

/**
 * The folder of the config that a manager will load.
 *
 * @throws PromptbinError `PB_CONFIG_NOT_FOUND`
 */
export async function configRoot(invocation: Invocation): Promise<string> {
  return findRoot(invocation) ?? (await loadProjectConfig(invocation)).root;
}

export async function loadProjectConfig({ project, config }: Invocation): Promise<LoadedConfig> {
  const { loadConfig } = await import('@promptbin/core');
  return loadConfig({ ...(project !== undefined && { from: project }), ...(config !== undefined && { file: config }) });
}

/**
 * The manager of the project.
 *
 * @throws PromptbinError `PB_MANAGER_GONE`
 */
export async function connectToProject(invocation: Invocation): Promise<ManagerConnection> {
  return connect(projectRoot(invocation));
}

/** Options by which another process of ours works on the same project. */
export function projectArguments({ project = '.', config }: Invocation, root: string): readonly string[] {
  return config === undefined ? ['--project', root] : ['--config', resolve(project, config)];
}
