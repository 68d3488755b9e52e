import { accessSync, constants, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { rmdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readProcess } from './procfs.ts';

/**
 * The cgroup (version 2) of this process, if it has been delegated to it: it belongs to its user, or is the first one that it can see, as in a container. Undefined
 * anywhere else: then its cgroups are somebody else's, such as systemd's.
 */
export function findCgroup(): string | undefined {
  try {
    const [, path] = /^0::(\/.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8')) ?? [];
    const [, mount] = /^(?:\S+ ){4}(\S+) .* - cgroup2 /m.exec(readFileSync('/proc/self/mountinfo', 'utf8')) ?? [];
    if (path === undefined || mount === undefined || (process.getuid?.() === 0 && path !== '/')) return undefined;
    const folder = resolve(mount, `.${path}`);
    for (const file of ['.', 'cgroup.procs']) accessSync(join(folder, file), constants.W_OK);
    return folder;
  } catch {
    // Not Linux, or not to be written to.
    return undefined;
  }
}

/** How many managers there were in this process. */
let count = 0;

/**
 * A cgroup for each run: what has left its session and taken off its environment is still in that. The guardian puts the leaders there, since a move may take the kernel
 * some ms; what a process has forked before that is found as without cgroups. Nothing here throws: without them, everything works as well as elsewhere.
 */
export class Cgroups {
  readonly folder: string;

  /** Undefined where none is delegated. */
  static open(): Cgroups | undefined {
    const parent = findCgroup();
    if (parent === undefined) return undefined;
    void removeStale(parent);
    count += 1;
    return new Cgroups(join(parent, `promptbin.${process.pid}.${count}`));
  }

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** For the run of a leader. */
  add(leader: number): Cgroup | undefined {
    const cgroup = new Cgroup(join(this.folder, String(leader)));
    return attempt(() => mkdirSync(cgroup.folder, { recursive: true })) ? cgroup : undefined;
  }

  /** When no run is left. */
  close(): void {
    removeAll(this.folder);
  }
}

export class Cgroup {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Pids, also of those that have left everything else. */
  get members(): readonly number[] {
    try {
      return readFileSync(join(this.folder, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
    } catch {
      return [];
    }
  }

  /** All of them at once, and what they fork meanwhile. */
  kill(): void {
    attempt(() => writeFileSync(join(this.folder, 'cgroup.kill'), '1'));
  }

  remove(): void {
    attempt(() => rmdirSync(this.folder));
  }
}

/** Of managers that were killed together with their guardians; nobody waits for it. Where something lives, the kernel refuses. */
async function removeStale(parent: string): Promise<void> {
  for (const name of list(parent)) {
    const [, pid] = /^promptbin\.(\d+)\./.exec(name) ?? [];
    if (pid === undefined || readProcess(Number(pid)) !== undefined) continue;
    const folder = join(parent, name);
    for (const run of list(folder)) await rmdir(join(folder, run)).catch(() => undefined);
    await rmdir(folder).catch(() => undefined);
  }
}

function removeAll(folder: string): void {
  for (const name of list(folder)) attempt(() => rmdirSync(join(folder, name)));
  attempt(() => rmdirSync(folder));
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function attempt(act: () => void): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}
