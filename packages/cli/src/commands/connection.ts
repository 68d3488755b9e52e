import { resolve } from 'node:path';
import type { ConfigInspection, LoadedConfig, LoadOptions, ReloadSettings } from '@promptbin/core';
import { connect, type ManagerConnection } from '../control/client.ts';
import { findRoot } from '../control/project.ts';
import type { Invocation } from './invocation.ts';

/** Whoever has installed promptbin and its plugins for all projects need not do so in each of them. */
export const fallback: string = import.meta.url;

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

/** In this thread, which a config that loops does not give back: see `guardLoading`. */
export async function loadProjectConfig(invocation: Invocation): Promise<LoadedConfig> {
  const { loadConfig } = await import('@promptbin/core');
  return loadConfig(loadOptions(invocation));
}

/** The same when a config that hangs must cost no more than its time limit: it is tried in another thread first. */
export async function loadProbedConfig(invocation: Invocation): Promise<LoadedConfig> {
  const { loadConfig, probeConfig } = await import('@promptbin/core');
  await probeConfig(loadOptions(invocation));
  return loadConfig(loadOptions(invocation));
}

/** What a manager would make of the config, without one. */
export async function inspectProject(
  invocation: Invocation,
): Promise<{ readonly loaded: LoadedConfig; readonly inspection: ConfigInspection }> {
  const { inspectConfig } = await import('@promptbin/core');
  const loaded = await loadProbedConfig(invocation);
  return { loaded, inspection: await inspectConfig(loaded) };
}

/** With settings that have come later, which hold over the earlier ones. */
export function withFlags(invocation: Invocation, { set, mode }: ReloadSettings): Invocation {
  return { ...invocation, set: [...invocation.set, ...set], ...(mode !== undefined && { mode }) };
}

function loadOptions({ project, config, mode, set }: Invocation): LoadOptions {
  return {
    ...(project !== undefined && { from: project }),
    ...(config !== undefined && { file: config }),
    ...(mode !== undefined && { mode }),
    set,
    fallback,
  };
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
export function projectArguments({ project = '.', config, set, mode }: Invocation, root: string): readonly string[] {
  return [
    ...(config === undefined ? ['--project', root] : ['--config', resolve(project, config)]),
    ...set.map((setting) => `--set=${setting}`),
    ...(mode === undefined ? [] : [`--mode=${mode}`]),
  ];
}

/** A manager that runs already has read its config in its own way. */
export function sayUntaken({ watchConfig }: { readonly watchConfig: boolean }, { set, mode, err }: Invocation): void {
  const given = [...set.map((setting) => `--set ${setting}`), ...(mode === undefined ? [] : [`--mode ${mode}`])];
  if (given.length > 0) {
    err.line(`The manager runs already; to have it take this, run: promptbin reload ${given.join(' ')}`);
  }
  if (watchConfig) err.line('The manager runs already, and was not started with --watch-config; run: promptbin reload');
}
