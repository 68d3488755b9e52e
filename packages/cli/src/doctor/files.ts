import { chmod, rm, stat, statfs } from 'node:fs/promises';
import { basename } from 'node:path';
import { acquireLock } from '../control/lock.ts';
import { projectFiles } from '../control/project.ts';
import { readRecord } from '../control/record.ts';
import { socketPath } from '../control/socket-path.ts';
import type { ManagerStatus } from '../control/source.ts';
import { fault } from '../fault.ts';
import type { Finding } from './finding.ts';

/** Below this, logs and journal will soon not be written, bytes. */
const scarce = 100 * 2 ** 20;
const none = 2 ** 20;

/** What a manager keeps in the project: who may read it, what is stale, and whether there is room for more. */
export async function* fileFindings(root: string, status: ManagerStatus | undefined): AsyncGenerator<Finding> {
  const files = projectFiles(root);
  if (!(await exists(files.folder))) return;
  const findings: Finding[] = [];
  for (const [file, mode] of [
    [files.folder, 0o700],
    [files.token, 0o600],
    [files.record, 0o600],
    [socketPath(root), 0o600],
  ] as const) {
    const found = await stat(file).catch(() => undefined);
    if (found !== undefined && (found.mode & 0o077) !== 0) findings.push(openFinding(file, found.mode & 0o777, mode));
  }
  if (status === undefined) findings.push(...(await staleFindings(root)));
  findings.push(...(await roomFindings(files.folder)));
  yield* findings;
  if (findings.length === 0)
    yield { check: 'files', level: 'ok', text: `${files.folder} is closed to others, and has room` };
}

function openFinding(file: string, is: number, mode: number): Finding {
  const octal = (of: number): string => `0${of.toString(8)}`;
  return {
    check: 'files',
    level: 'problem',
    text: `${file} is open to other users (${octal(is)}).`,
    advice: 'Run: promptbin doctor --fix',
    repair: {
      text: `set the mode of ${file} to ${octal(mode)}`,
      async run() {
        await chmod(file, mode);
        return `the mode of ${file} is ${octal(mode)}`;
      },
    },
  };
}

/** Without a manager that answers. */
async function staleFindings(root: string): Promise<readonly Finding[]> {
  const files = projectFiles(root);
  const holder = readRecord(files.record);
  if (await exists(files.lock)) {
    using lock = acquireLock(files.lock);
    if (lock === undefined) {
      const who = holder === undefined ? 'A manager' : `The manager (pid ${holder.pid})`;
      return [
        {
          check: 'files',
          level: 'problem',
          text: `${who} holds the project and does not answer.`,
          advice: 'Wait, or end it.',
        },
      ];
    }
  }
  const stale: string[] = [];
  for (const file of [files.record, socketPath(root)]) if (await exists(file)) stale.push(file);
  if (stale.length === 0) return [];
  const names = stale.map((file) => basename(file)).join(' and ');
  return [
    {
      check: 'files',
      level: 'warning',
      text: `${names} ${stale.length === 1 ? 'is' : 'are'} of a manager that is gone; the next one takes ${stale.length === 1 ? 'its' : 'their'} place.`,
      repair: {
        text: `remove ${names}`,
        async run() {
          using lock = acquireLock(files.lock);
          if (lock === undefined) throw await fault('PB_MANAGER_RUNNING', 'A manager has been started meanwhile.');
          for (const file of stale) await rm(file, { force: true });
          return `${names} ${stale.length === 1 ? 'is' : 'are'} removed`;
        },
      },
    },
  ];
}

async function roomFindings(folder: string): Promise<readonly Finding[]> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= scarce) return [];
  const text = `The disk of ${folder} has ${Math.floor(free / 2 ** 20)} MB left: logs and journal will not be written when it is full.`;
  return [{ check: 'files', level: free < none ? 'problem' : 'warning', text, advice: 'Make room.' }];
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined)) !== undefined;
}
