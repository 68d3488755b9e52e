import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { isAlive, readProc } from '../../test-support/alive.ts';
import { promptbin, type Status } from '../support/cli.ts';
import { descriptorsOf, type Steady } from './state.ts';

/** Where faults are made. */
export interface Scene extends Steady {
  readonly folder: string;
  /** From 0 to below 1. */
  readonly next: () => number;
}

/** Takes back what it has done, where that does not pass by itself. */
type Undo = () => void | Promise<void>;

export type Fault = (scene: Scene) => Undo | undefined | Promise<Undo | undefined>;

function pick<T>(list: readonly T[], next: () => number): T {
  return list[Math.floor(next() * list.length)] as T;
}

function send(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(pid, signal);
  } catch {
    // It has ended.
  }
}

const victim = ({ processes, next }: Scene): Status => pick(processes, next);

/** Waits until it is gone: what is done to its files next must not be done to those of one that writes. */
async function killManager({ manager }: Scene): Promise<undefined> {
  send(manager, 'SIGKILL');
  while (isAlive(manager)) await new Promise((resolve) => setTimeout(resolve, 5));
}

function guardianOf({ manager }: Scene): number | undefined {
  return readdirSync('/proc')
    .map(Number)
    .find((pid) => pid > 0 && readProc(`/proc/${pid}/cmdline`).includes(`promptbin-guardian\0${manager}.`));
}

export const faults: Readonly<Record<string, Fault>> = {
  killLeader: (scene) => void send(victim(scene).pid, 'SIGKILL'),
  killGroup: (scene) => void send(-(victim(scene).pid ?? Number.NaN), 'SIGKILL'),
  stopLeader: (scene) => void send(victim(scene).pid, 'SIGSTOP'),
  flood: ({ processes }) => void send(processes.find(({ name }) => name === 'noisy')?.pid, 'SIGUSR1'),
  killGuardian: (scene) => void send(guardianOf(scene), 'SIGKILL'),
  killManager,
  async killBoth(scene) {
    // Else it would start another guardian.
    send(scene.manager, 'SIGSTOP');
    send(guardianOf(scene), 'SIGKILL');
    await killManager(scene);
    return undefined;
  },
  stopManager({ manager }) {
    send(manager, 'SIGSTOP');
    return () => send(manager, 'SIGCONT');
  },
  killClient({ folder, next }) {
    const { child } = promptbin(folder, pick([['events', '-f'], ['logs', '-f'], ['restart', 'web'], ['up']], next));
    setTimeout(() => child.kill('SIGKILL'), next() * 800);
    return undefined;
  },
  command({ folder, next, processes }) {
    void promptbin(folder, [pick(['restart', 'stop', 'start'], next), pick(processes, next).name]).finished;
    return undefined;
  },
  async stealPort(scene) {
    const { pid, port } = scene.processes.find(({ name }) => name === 'api') ?? {};
    send(pid, 'SIGKILL');
    const thief = createServer();
    thief.on('error', () => {});
    thief.listen(port, '127.0.0.1');
    return () => void thief.close();
  },
  fillDisk({ folder }) {
    const file = join(folder, 'ballast', 'full');
    const descriptor = openSync(file, 'w');
    try {
      for (;;) writeSync(descriptor, Buffer.alloc(64 * 1024));
    } catch {
      closeSync(descriptor);
    }
    return () => rmSync(file, { force: true });
  },
  exhaustDescriptors(scene) {
    const limit = (count: number): unknown =>
      execFileSync('prlimit', ['--pid', String(scene.manager), `--nofile=${count}:`], { stdio: 'ignore' });
    try {
      limit(descriptorsOf(scene.manager) + 1);
    } catch {
      return undefined; // It has ended.
    }
    send(victim(scene).pid, 'SIGKILL');
    return () => {
      if (isAlive(scene.manager)) limit(4096);
    };
  },
  async corruptRecord(scene) {
    await killManager(scene);
    const folder = join(scene.folder, '.promptbin');
    const garbage = pick(['', '{', '\0\0\0\0', 'null', '{"pid": 1, "socket": 7}'], scene.next);
    const file = pick(['manager.json', 'guardian.last', 'shared.json', 'manager.lock'], scene.next);
    try {
      writeFileSync(join(folder, file), garbage);
    } catch {
      // On a full disk, it is empty now.
    }
    return undefined;
  },
  async tearJournal(scene) {
    await killManager(scene);
    const journal = join(scene.folder, '.promptbin', 'journal');
    const newest = join(journal, readdirSync(journal).sort().at(-1) ?? '');
    const { size } = statSync(newest);
    truncateSync(newest, Math.max(0, size - Math.floor(scene.next() * 40)));
    return undefined;
  },
};
