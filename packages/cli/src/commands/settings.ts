import type { ConfigResult, DependencyState, ProcessView } from '@promptbin/core';
import type { ManagerConnection } from '../control/client.ts';
import { ask } from './call.ts';

/** What of the settings of a process views tell. */
export interface Settings {
  /** 0 is any free one. */
  readonly port?: { readonly preferred: number };
  readonly dependsOn: Readonly<Record<string, DependencyState>>;
}

/** Every process with the settings that are in force. */
export async function processesWithSettings(
  connection: ManagerConnection,
): Promise<readonly (readonly [ProcessView, Settings])[]> {
  const { processes } = await connection.status();
  return Promise.all(
    processes.map(async (view) => {
      const { config } = await ask<ConfigResult>(connection, 'process.config', { name: view.name });
      const { port, dependsOn = {} } = config as unknown as Partial<Settings>;
      return [view, { dependsOn, ...(port !== undefined && { port }) }] as const;
    }),
  );
}
