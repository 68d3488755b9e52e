import type { CommandPort, ManagerStatusResult } from '@promptbin/core';
import { managerStatusSpec } from '@promptbin/core/views';
import { rethrown } from '../fault.ts';

/** Where the events of a manager begin: those before are of earlier ones. */
export async function startCursor(port: Pick<CommandPort, 'call'>): Promise<number> {
  const result = await port.call(managerStatusSpec.name, {}, { caller: 'cli' });
  if (!result.ok) throw await rethrown(result.error);
  return (result.value as ManagerStatusResult).startCursor;
}
