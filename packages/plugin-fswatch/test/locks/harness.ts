import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { realpathSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@promptbin/core';
import { onTestFinished } from 'vitest';
import type { Marker } from '../../src/locks/look.ts';
import { formatMarker, type Owner } from '../../src/locks/marker.ts';
import { type LockListener, Locks } from '../../src/locks/service.ts';

export interface Folder {
  readonly folder: string;
  /** What is locked; it is not there. */
  readonly file: string;
  readonly marker: string;
}

export async function newFolder(): Promise<Folder> {
  const folder = realpathSync(await mkdtemp(join(tmpdir(), 'promptbin-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'data.json');
  return { folder, file, marker: `${file}.lock` };
}

export interface HeardLocks {
  readonly locks: Locks;
  /** What was stated, such as `broken /a/data.json`. */
  readonly heard: readonly string[];
}

/** The locks of one manager. Two of them in one process stand for two managers. */
export function newLocks(root: string): HeardLocks {
  const heard: string[] = [];
  const listener: LockListener = {
    broken: (path, { kind, holder }) => heard.push(`broken ${path} ${kind} ${holder?.pid}`),
    lost: (path) => heard.push(`lost ${path}`),
  };
  const locks = new Locks(root, systemClock, listener);
  onTestFinished(() => locks.close());
  return { locks, heard };
}

/** A program of `test/fixtures/locks`. */
export const fixture = (name: string): string => join(import.meta.dirname, '..', 'fixtures', 'locks', name);

/** A marker as its owner would have written it. */
export const plant = (marker: string, owner: Owner): Promise<void> => writeFile(marker, formatMarker(owner));

export async function startChild(command: string, args: readonly string[]): Promise<ChildProcess & { pid: number }> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child, 'spawn');
  return child as ChildProcess & { pid: number };
}

/** The pid of a process that was, and is waited for. */
export async function endedPid(): Promise<number> {
  const child = await startChild('true', []);
  if (child.exitCode === null) await once(child, 'exit');
  return child.pid;
}

/** A marker that is another one from the second look on: a rival was there in between. */
export function takenBetweenLooks(marker: Marker | undefined): Marker {
  if (marker === undefined) throw new Error('there is no marker');
  let looks = 0;
  return {
    ...marker,
    get identity() {
      looks += 1;
      return looks === 1 ? marker.identity : 'another';
    },
  };
}
