import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { systemClock } from '@promptbin/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { breakMarker } from '../../src/locks/break-marker.ts';
import { Contender } from '../../src/locks/contender.ts';
import { createMarker, type HeldMarker } from '../../src/locks/held-marker.ts';
import { inspectMarker } from '../../src/locks/inspect.ts';
import { lookAt, type Marker } from '../../src/locks/look.ts';
import { formatMarker, type Owner } from '../../src/locks/marker.ts';
import { privateName } from '../../src/locks/names.ts';
import { hostName, thisProcess } from '../../src/locks/owner.ts';
import { endedPid, fixture, newFolder, newLocks, plant, startChild, takenBetweenLooks } from './harness.ts';

const host = hostName();
const hex = '0123456789abcdef'.repeat(2);

const ended = async (): Promise<Owner> => ({ pid: await endedPid(), host });

/** One who wants a marker, with a clock that is moved by hand. */
function contend(marker: string, staleMs = 30_000): { attempt(): HeldMarker | undefined; pass(ms: number): void } {
  let now = 0;
  const contender = new Contender(marker, staleMs, { ...systemClock, now: () => now }, () => undefined);
  return {
    attempt() {
      const held = contender.attempt();
      onTestFinished(() => void held?.remove());
      return held;
    },
    pass(ms) {
      now += ms;
    },
  };
}

describe('the marker of a holder that has ended', () => {
  test('is taken over at once, and that is told', async () => {
    const { folder, file, marker } = await newFolder();
    const { locks, heard } = newLocks(folder);
    const owner = await ended();
    await plant(marker, owner);
    await using _ = await locks.acquire('data.json', { timeout: 0 });
    expect(await readdir(folder)).toEqual(['data.json.lock']);
    expect(heard).toEqual([`broken ${file} holder ${owner.pid}`]);
  });

  test('is taken over from a manager that was killed, and not from one that is stopped', async () => {
    const { folder, file } = await newFolder();
    const holder = await startChild(process.execPath, [fixture('hold.ts'), file]);
    await once(holder.stdout as NodeJS.ReadableStream, 'data');
    holder.kill('SIGSTOP');
    await expect(newLocks(folder).locks.acquire('data.json', { timeout: 500 })).rejects.toMatchObject({
      message: expect.stringContaining(`held by pid ${holder.pid} on ${host} for`),
    });
    const next = newLocks(folder).locks.acquire('data.json');
    holder.kill('SIGKILL');
    await using lock = await next;
    expect(lock.isHeld()).toBe(true);
  });

  test('is taken over by one of many who find it at the same moment', async () => {
    const { folder, file, marker } = await newFolder();
    await writeFile(file, '0');
    const managers = Array.from({ length: 8 }, () => newLocks(folder).locks);
    for (let round = 1; round <= 20; round += 1) {
      await plant(marker, await ended());
      let inside = 0;
      const add = managers.map((locks) =>
        locks.withLock('data.json', async (lock) => {
          inside += 1;
          expect([inside, lock.isHeld()]).toEqual([1, true]);
          await writeFile(file, String(Number(await readFile(file, 'utf8')) + 1));
          inside -= 1;
        }),
      );
      await Promise.all(add);
      expect(await readFile(file, 'utf8')).toBe(String(8 * round));
    }
    expect(await readdir(folder)).toEqual(['data.json']);
  });

  test.runIf(process.platform === 'linux')('is taken over when its pid has been given to another process', async () => {
    const { folder, marker } = await newFolder();
    const { pid } = await startChild('sleep', ['60']);
    await plant(marker, { pid, host, start: 1n });
    await using lock = await newLocks(folder).locks.acquire('data.json', { timeout: 0 });
    expect(lock.isHeld()).toBe(true);
  });

  test('what killed processes have left under private names goes with it', async () => {
    const { folder, marker } = await newFolder();
    const owner = await ended();
    const [dead, cut, fresh, living] = [1, 2, 3, 4].map(() => privateName(marker)) as [string, string, string, string];
    await plant(marker, owner);
    await plant(dead, owner);
    await writeFile(cut, '');
    await utimes(cut, 0, 0);
    await writeFile(fresh, '');
    await plant(living, thisProcess());
    await (await newLocks(folder).locks.acquire('data.json')).release();
    expect((await readdir(folder)).toSorted()).toEqual([basename(fresh), basename(living)].toSorted());
  });
});

describe('a marker that proves nothing is left, however long it is seen', () => {
  function expectHeld(marker: string): void {
    const contender = contend(marker, 0);
    expect(contender.attempt()).toBeUndefined();
    contender.pass(1e9);
    expect(contender.attempt()).toBeUndefined();
  }

  test.each<[string, () => Promise<Owner>]>([
    ['of another host', async () => ({ ...(await ended()), host: 'elsewhere.example' })],
    ['of a container', async () => ({ ...(await ended()), host: `${host}?pidns-f0000001` })],
    ['of a living process without its start', async () => ({ pid: process.ppid, host })],
  ])('%s', async (_, owner) => {
    const { marker } = await newFolder();
    await plant(marker, await owner());
    await utimes(marker, 0, 0);
    expectHeld(marker);
  });

  test('a folder, as other programs lock', async () => {
    const { marker } = await newFolder();
    await mkdir(marker);
    expectHeld(marker);
  });

  test.each(['break', 'restore'])('one of a living holder that filelock has moved, to %s', async (what) => {
    const { marker } = await newFolder();
    const breaker = await ended();
    const aside = `${marker}.${what}.${breaker.pid}.${hex}`;
    await plant(aside, thisProcess());
    await plant(marker, breaker);
    expectHeld(marker);
    await writeFile(marker, `filelock/break\n${breaker.pid}\n`);
    expectHeld(marker);
    await rm(aside);
    const contender = contend(marker);
    contender.attempt();
    contender.pass(2000);
    expect(contender.attempt()).toBeDefined();
  });
});

describe('a marker that names nobody', () => {
  test.each([
    ['cut off', '12\nweb'],
    ['given up', 'filelock/released\n'],
    ['garbage', '\0\u0001'],
  ])('and is %s is removed when it was seen for two seconds', async (_, text) => {
    const { marker } = await newFolder();
    await writeFile(marker, text);
    await utimes(marker, 0, 0);
    const contender = contend(marker);
    expect(contender.attempt()).toBeUndefined();
    contender.pass(1999);
    expect(contender.attempt()).toBeUndefined();
    contender.pass(1);
    expect(contender.attempt()?.isInPlace()).toBe(true);
  });

  test('by whoever waits, and that is told', async () => {
    const { folder, file, marker } = await newFolder();
    const { locks, heard } = newLocks(folder);
    await writeFile(marker, 'garbage');
    await expect(locks.acquire('data.json', { timeout: 50 })).rejects.toMatchObject({
      message: expect.stringContaining('held by somebody unknown'),
    });
    await using _ = await locks.acquire('data.json');
    expect(heard).toEqual([`broken ${file} unknown undefined`]);
  });

  test('and is a link is removed itself, not what it leads to', async () => {
    const { folder, file, marker } = await newFolder();
    await writeFile(file, 'kept');
    await symlink('data.json', marker);
    const contender = contend(marker);
    contender.attempt();
    contender.pass(2000);
    expect(contender.attempt()?.isInPlace()).toBe(true);
    expect(await readFile(file, 'utf8')).toBe('kept');
    expect(await readdir(folder)).toEqual(['data.json', 'data.json.lock']);
  });

  test('and is written meanwhile is held', async () => {
    const { marker } = await newFolder();
    await writeFile(marker, '');
    const contender = contend(marker, 0);
    contender.attempt();
    await plant(marker, thisProcess());
    contender.pass(1e9);
    expect(contender.attempt()).toBeUndefined();
  });

  test('and is removed and made anew is as new', async () => {
    const { marker } = await newFolder();
    const contender = contend(marker);
    for (const _ of [1, 2, 3]) {
      await rm(marker, { force: true });
      await writeFile(marker, 'garbage');
      expect(contender.attempt()).toBeUndefined();
      contender.pass(1999);
    }
  });

  test('and is empty is removed when it is as old as it may be, whatever time its owner has given it', async () => {
    const { marker } = await newFolder();
    await writeFile(marker, '');
    await utimes(marker, 0, 0);
    const [patient, hasty] = [contend(marker, 3_600_000), contend(marker, 0)];
    for (const contender of [patient, hasty]) {
      expect(contender.attempt()).toBeUndefined();
      contender.pass(1e9);
    }
    expect(patient.attempt()).toBeUndefined();
    expect(hasty.attempt()).toBeDefined();
  });
});

describe('breaking', () => {
  test('leaves what was not judged', async () => {
    const { marker } = await newFolder();
    await plant(marker, await ended());
    const judged = lookAt(marker) as Marker;
    await rm(marker);
    expect(breakMarker(marker, judged)).toBe(false);
    await plant(marker, thisProcess());
    expect(breakMarker(marker, judged)).toBe(false);
    expect(await readFile(marker, 'utf8')).toBe(formatMarker(thisProcess()));
  });

  test('puts back what it has taken by mistake: its holder notices nothing', async () => {
    const { folder, marker } = await newFolder();
    const held = createMarker(marker);
    const { ino } = await stat(marker);
    expect(breakMarker(marker, takenBetweenLooks(lookAt(marker)))).toBe(false);
    expect((await stat(marker)).ino).toBe(ino);
    expect(await readdir(folder)).toEqual(['data.json.lock']);
    expect(held?.remove()).toBe(true);
  });
});

describe('a look at a marker', () => {
  test('tells who holds it', async () => {
    const { marker } = await newFolder();
    expect(await inspectMarker(marker)).toBeUndefined();

    const { pid } = await ended();
    await plant(marker, { pid, host });
    await utimes(marker, Date.now() / 1000 - 60, Date.now() / 1000 - 60);
    expect(await inspectMarker(marker)).toEqual({
      file: marker,
      kind: 'holder',
      holder: { pid, host, alive: false },
      ageMs: expect.closeTo(60_000, -4),
      stale: true,
    });

    await plant(marker, thisProcess());
    expect(await inspectMarker(marker)).toMatchObject({ kind: 'ours', holder: { alive: true }, stale: false });
    await plant(marker, { pid, host: 'elsewhere' });
    expect((await inspectMarker(marker))?.holder).toEqual({ pid, host: 'elsewhere' });
  });

  test.each([
    ['nothing, as that of git at first', ''],
    ['an index of git', 'DIRC\0\0\0\u0002\0\0\0\u0001'],
  ])('that holds %s tells of somebody unknown, who is never gone', async (_, text) => {
    const { folder } = await newFolder();
    const marker = join(folder, 'index.lock');
    await writeFile(marker, text);
    await utimes(marker, 0, 0);
    expect(await inspectMarker(marker)).toEqual({
      file: marker,
      kind: 'unknown',
      ageMs: expect.any(Number),
      stale: false,
    });
    expect(readdirSync(folder)).toEqual(['index.lock']);
    expect(readFileSync(marker, 'latin1')).toBe(text);
  });
});
