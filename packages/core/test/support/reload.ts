import type { ReloadReport } from '@promptbin/core';

/** `restart web`, `add api`, … of everything that is not kept. */
export function stepsOf({ processes }: ReloadReport): string[] {
  return processes.filter(({ action }) => action !== 'keep').map(({ action, name }) => `${action} ${name}`);
}

/** `replace health`, … of every plugin that is not kept. */
export function pluginStepsOf({ plugins }: ReloadReport): string[] {
  return plugins.filter(({ action }) => action !== 'keep').map(({ action, name }) => `${action} ${name}`);
}
