import { setTimeout as sleep } from 'node:timers/promises';
import { connect, unlessGone } from '../control/client.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { projectRoot } from './connection.ts';
import type { Invocation } from './invocation.ts';
import { logged } from './log-files.ts';

/** Somebody has pressed a key and waits, ms. */
const patienceMs = 1000;

/** For the completion of shells: the names of the processes, a line each. Says nothing when nobody knows them. */
export async function processNames(invocation: Invocation): Promise<ExitCode> {
  const names = await Promise.race([namesOf(projectRoot(invocation)).catch(() => []), sleep(patienceMs, [])]);
  for (const name of names) invocation.out.line(name);
  return exitCodes.done;
}

/** Without a manager, of those that have ever written something: to load a config runs what is in it, and nobody has asked for that. */
async function namesOf(root: string): Promise<readonly string[]> {
  const connection = await unlessGone(() => connect(root));
  if (connection === undefined) return logged(root, []);
  const { processes } = await connection.status();
  return processes.map(({ name }) => name);
}
