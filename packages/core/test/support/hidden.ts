import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Manager, systemClock } from '@promptbin/core';
import { lineWith } from './project.ts';

/** A shell that, when it reads a line, hides a descendant: it has left the session, has no environment, and no parent any more. */
export const hiding = {
  command: ['sh', '-c', 'read go; (env -i setsid sh -c "echo hidden \\$\\$; exec sleep 60" &); exec sleep 60'],
  stdin: 'pipe',
} as const;

/**
 * Starts `web`, and has it hide one; resolves with the pid of that.
 *
 * @param parent of the cgroups: it is waited for until the run is in its own
 */
export async function hideOne(manager: Manager, parent: string | undefined): Promise<number> {
  const web = manager.process('web');
  const { pid = 0 } = await web.start();
  while (parent !== undefined && !isInCgroup(pid, parent)) await systemClock.sleep(10);
  await manager.call('process.send', { name: 'web', text: 'go' }, { caller: 'test' });
  return Number((await lineWith(web, 'hidden')).split(' ')[1]);
}

function isInCgroup(leader: number, parent: string): boolean {
  return readdirSync(parent)
    .filter((name) => name.startsWith(`promptbin.${process.pid}.`))
    .map((name) => join(parent, name, String(leader), 'cgroup.procs'))
    .some((file) => existsSync(file) && readFileSync(file, 'utf8').split('\n').includes(String(leader)));
}
