import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ManagerStatus } from 'promptbin';
import { onTestFinished } from 'vitest';
import { promptbin } from '../support/cli.ts';
import { everyFile } from '../support/every-command.ts';
import { endProcessesOf, processesOf } from '../support/processes.ts';
import { until } from '../support/until.ts';

const fixtures = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'test', 'fixtures');
const fixture = (name: string): string[] => [process.execPath, join(fixtures, `${name}.mjs`)];

const config = {
  processes: {
    web: { command: fixture('server'), port: 'auto' },
    console: { command: fixture('console'), tty: true },
    // Its stop takes a while.
    deaf: { command: fixture('ignore-term'), stop: { grace: '300ms' } },
    spare: { command: fixture('server'), port: 'auto', autostart: false },
  },
};

/** A folder with a config; whatever runs in it ends with the test. */
export async function makeProject(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'promptbin-kills-'));
  const files = { ...everyFile, 'promptbin.config.json': JSON.stringify(config) };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  onTestFinished(async () => {
    await endProcessesOf(folder);
    await rm(folder, { recursive: true, force: true });
  });
  return folder;
}

/** What `ps --json` prints when nothing is on its way any more. */
export function settledStatus(folder: string): Promise<ManagerStatus> {
  return until(
    async () => JSON.parse((await promptbin(folder, ['ps', '--json']).finished).stdout) as ManagerStatus,
    ({ processes }) => !processes.some(({ phase }) => ['waiting', 'starting', 'stopping', 'backoff'].includes(phase)),
    'everything is up or down',
  );
}

/** The pids of the manager and of its processes, by what it says. */
export function pidsOf({ manager, processes }: ManagerStatus): readonly number[] {
  return [manager.pid, ...processes.flatMap(({ pid, phase }) => (phase === 'running' && pid ? [pid] : []))].sort();
}

/** The same by the process table. */
export function pidsIn(folder: string): readonly number[] {
  return processesOf(folder)
    .map(({ pid }) => pid)
    .sort();
}

/** The numbers of the events on record. Throws when a line is torn. */
export async function recordedIn(folder: string): Promise<readonly number[]> {
  const journal = join(folder, '.promptbin', 'journal');
  const texts = await Promise.all((await readdir(journal)).sort().map((file) => readFile(join(journal, file), 'utf8')));
  return texts.flatMap((text) => {
    // What a manager that was killed has begun to write is completed or dropped by the next.
    const lines = text.split('\n').slice(0, -1);
    return lines.map((line) => (JSON.parse(line) as { seq: number }).seq);
  });
}

/** What is not of a manager that runs: what somebody has begun to write and never put in its place. */
export async function strayFiles(folder: string): Promise<readonly string[]> {
  const usual =
    /^(?:\.gitignore|guardian\.last|control\.sock|journal|logs|manager\.(?:json|lock|log)|shared\.json|token)$/;
  return (await readdir(join(folder, '.promptbin'))).filter((name) => !usual.test(name));
}
