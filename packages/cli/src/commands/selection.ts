import type { ManagerConnection } from '../control/client.ts';
import { rethrown } from '../fault.ts';
import { callForEach } from './call.ts';
import type { Selection } from './options.ts';
import { processesWithSettings } from './settings.ts';

/** Has a manager that runs already start what is named, without waiting until it is up; with `only`, all else ends first. */
export async function select(connection: ManagerConnection, selection: Selection): Promise<void> {
  const { names, only, dependencies } = selection;
  if (only) {
    // A name that is mistyped must stop nothing.
    await callAll(connection, 'process.config', names);
    await callAll(connection, 'process.stop', await othersThan(selection, connection));
  }
  await callAll(connection, 'process.start', names, { wait: 'none', dependencies });
}

/** What is wanted up and neither named nor needed by what is. */
async function othersThan(
  { names, dependencies }: Selection,
  connection: ManagerConnection,
): Promise<readonly string[]> {
  const processes = await processesWithSettings(connection);
  const needs = new Map(processes.map(([{ name }, { dependsOn }]) => [name, Object.keys(dependsOn)]));
  const kept = new Set(names);
  // A set tells of what is added while it is gone through.
  if (dependencies) for (const name of kept) for (const needed of needs.get(name) ?? []) kept.add(needed);
  return processes.flatMap(([{ name, desired }]) => (desired === 'up' && !kept.has(name) ? [name] : []));
}

async function callAll(
  connection: ManagerConnection,
  command: string,
  names: readonly string[],
  input: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const outcomes = await callForEach(connection, command, names, input);
  const failure = outcomes.find(({ error }) => error !== undefined)?.error;
  if (failure !== undefined) throw await rethrown(failure);
}
