import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parseMarker } from '../../src/locks/marker.ts';
import { thisProcess } from '../../src/locks/owner.ts';
import { fixture, newFolder, newLocks, plant } from './harness.ts';

const run = promisify(execFile);

describe('a lock', () => {
  test('is a file that names its holder, and nothing else is in the folder', async () => {
    const { folder, file, marker } = await newFolder();
    const { locks } = newLocks(folder);
    {
      await using lock = await locks.acquire('data.json');
      expect(lock.path).toBe(file);
      expect(parseMarker(await readFile(marker))).toEqual({ kind: 'owner', owner: thisProcess() });
      expect((await stat(marker)).mode & 0o022).toBe(0);
      expect(await readdir(folder)).toEqual(['data.json.lock']);
      expect(lock.isHeld()).toBe(true);
    }
    expect(await readdir(folder)).toEqual([]);
  });

  test('is released once, whoever comes next', async () => {
    const { folder } = await newFolder();
    const { locks } = newLocks(folder);
    const first = await locks.acquire('data.json');
    expect(await first.release()).toBe(true);
    const second = await locks.acquire('data.json');
    expect(await first.release()).toBe(true);
    expect([first.isHeld(), second.isHeld()]).toEqual([false, true]);
  });

  test('excludes another manager, which gets it when it is free', async () => {
    const { folder } = await newFolder();
    const [one, other] = [newLocks(folder).locks, newLocks(folder).locks];
    const order: string[] = [];
    await using first = await one.acquire('data.json');
    const second = other.withLock('data.json', () => void order.push('second'));
    await expect.poll(() => other.list()[0]?.waiting).toBe(1);
    order.push('first');
    await first.release();
    await second;
    expect(order).toEqual(['first', 'second']);
  });

  test('is one for all spellings, and through a folder that is a link', async () => {
    const { folder } = await newFolder();
    await mkdir(join(folder, 'real'));
    await symlink('real', join(folder, 'link'));
    const { locks } = newLocks(folder);
    await using _ = await locks.acquire('link/../link/data.json');
    await expect(locks.acquire('real/data.json', { timeout: 0 })).rejects.toMatchObject({ code: 'PB_LOCK_TIMEOUT' });
  });

  test('goes to those who ask in the order in which they ask', async () => {
    const { folder, file } = await newFolder();
    await writeFile(file, '0');
    const { locks } = newLocks(folder);
    const order: number[] = [];
    const add = (index: number) =>
      locks.withLock('data.json', async () => {
        order.push(index);
        const count = Number(await readFile(file, 'utf8'));
        await turn();
        await writeFile(file, String(count + 1));
      });
    const indices = Array.from({ length: 50 }, (_, index) => index);
    await Promise.all(indices.map(add));
    expect(order).toEqual(indices);
    expect(await readFile(file, 'utf8')).toBe('50');
    expect(locks.list()).toEqual([]);
  });

  test('what runs in it may fail, and it is released', async () => {
    const { folder } = await newFolder();
    const { locks } = newLocks(folder);
    const work = locks.withLock('data.json', () => Promise.reject(new Error('no')));
    await expect(work).rejects.toThrow('no');
    await expect(locks.withLock('data.json', (lock) => lock.isHeld())).resolves.toBe(true);
  });
});

describe('whoever waits', () => {
  test('is told after the timeout who holds it, and where', async () => {
    const { folder, file } = await newFolder();
    const { locks } = newLocks(folder);
    await using _ = await locks.acquire('data.json');
    await expect(locks.acquire('data.json', { timeout: 50 })).rejects.toMatchObject({
      code: 'PB_LOCK_TIMEOUT',
      message: expect.stringMatching(
        new RegExp(
          `^The lock of ${file} is held by this manager \\(pid ${process.pid}\\) at .*locks.test.ts:\\d+:\\d+.* for \\d+ ms, `,
        ),
      ),
    });
    await expect(newLocks(folder).locks.acquire('data.json', { timeout: 50 })).rejects.toMatchObject({
      message: expect.stringMatching(/ and was not free within 50 ms\.$/),
      details: { marker: { kind: 'ours', holder: { pid: process.pid, alive: true } } },
    });
  });

  test('can be called off, in the line of its manager and in front of another one', async () => {
    const { folder } = await newFolder();
    const [one, other] = [newLocks(folder).locks, newLocks(folder).locks];
    await using first = await one.acquire('data.json');
    const reason = new Error('changed my mind');
    for (const locks of [one, other]) {
      const caller = new AbortController();
      const waiting = locks.acquire('data.json', { signal: caller.signal, timeout: Number.POSITIVE_INFINITY });
      const later = locks.acquire('data.json', { timeout: 50 });
      await expect.poll(() => locks.list()[0]?.waiting).toBeGreaterThan(0);
      caller.abort(reason);
      await expect(waiting).rejects.toMatchObject({
        code: 'PB_LOCK_ABORTED',
        message: expect.stringContaining(`held by this manager (pid ${process.pid})`),
        cause: reason,
      });
      await expect(later).rejects.toMatchObject({ code: 'PB_LOCK_TIMEOUT' });
    }
    await expect(one.acquire('data.json', { signal: AbortSignal.abort(reason) })).rejects.toMatchObject({
      cause: reason,
    });
    await first.release();
    await expect(other.withLock('data.json', () => 'free')).resolves.toBe('free');
    expect([one.list(), other.list()]).toEqual([[], []]);
  });

  test('with a timeout of 0 gets what is free', async () => {
    const { folder } = await newFolder();
    await using lock = await newLocks(folder).locks.acquire('data.json', { timeout: 0 });
    expect(lock.isHeld()).toBe(true);
  });
});

describe('re-entrancy', () => {
  test('is refused, and the message says where the lock was acquired', async () => {
    const { folder, file } = await newFolder();
    const { locks } = newLocks(folder);
    const inner = locks.withLock('data.json', async () => {
      await turn();
      await locks.acquire('./data.json');
    });
    await expect(inner).rejects.toMatchObject({
      code: 'PB_LOCK_REENTRANT',
      message: expect.stringMatching(
        new RegExp(`^What asks for the lock of ${file} holds it already, since .*locks.test.ts:\\d+`),
      ),
    });
    expect(await readdir(folder)).toEqual([]);
  });

  test('is not what another lock is, the same one after its release, or another task at the same time', async () => {
    const { folder } = await newFolder();
    const { locks } = newLocks(folder);
    const entered = await locks.withLock('data.json', async (outer) => {
      await locks.withLock('other.json', () => undefined);
      await outer.release();
      return await locks.withLock('data.json', () => 'again');
    });
    expect(entered).toBe('again');
    await expect(Promise.all([1, 2, 3].map((n) => locks.withLock('data.json', () => n)))).resolves.toEqual([1, 2, 3]);
  });
});

describe('a marker that is taken away while it is held', () => {
  test('is missed by its holder, who leaves the one in its place alone', async () => {
    const { folder, file, marker } = await newFolder();
    const [one, other] = [newLocks(folder), newLocks(folder)];
    const first = await one.locks.acquire('data.json');
    await rm(marker);
    expect(first.isHeld()).toBe(false);
    await using second = await other.locks.acquire('data.json');
    expect(await first.release()).toBe(false);
    expect(second.isHeld()).toBe(true);
    expect(one.heard).toEqual([`lost ${file}`]);
    expect(other.heard).toEqual([]);
  });

  test('names nobody any more when it is put back after the release', async () => {
    const { folder, marker } = await newFolder();
    const { locks } = newLocks(folder);
    const lock = await locks.acquire('data.json');
    await run('mv', [marker, `${marker}.aside`]);
    await lock.release();
    await run('mv', [`${marker}.aside`, marker]);
    expect(await readFile(marker, 'utf8')).toBe('filelock/released\n');
    await using next = await locks.acquire('data.json');
    expect(next.isHeld()).toBe(true);
  });

  test('by lock.break', async () => {
    const { folder, marker } = await newFolder();
    const [one, other] = [newLocks(folder).locks, newLocks(folder).locks];
    const lock = await one.acquire('data.json');
    expect(other.break('data.json')).toMatchObject({ file: marker, kind: 'ours' });
    expect(other.break('data.json')).toBeUndefined();
    expect(lock.isHeld()).toBe(false);
    await mkdir(marker);
    expect(() => other.break('data.json')).toThrow(expect.objectContaining({ code: 'PB_LOCK_UNWRITABLE' }));
  });
});

describe('the end of a manager', () => {
  test('releases what it holds, and refuses who waits and who comes later', async () => {
    const { folder } = await newFolder();
    const { locks, heard } = newLocks(folder);
    await locks.acquire('data.json');
    await locks.acquire('other.json');
    const waiting = locks.acquire('data.json').catch((fault: unknown) => fault);
    await locks.close();
    expect(await waiting).toMatchObject({
      code: 'PB_LOCK_ABORTED',
      cause: { message: 'the manager lets go of its locks' },
    });
    await expect(locks.acquire('data.json')).rejects.toMatchObject({ code: 'PB_LOCK_ABORTED' });
    expect(await readdir(folder)).toEqual([]);
    expect(heard).toEqual([]);
  });
});

describe('a marker that cannot be written', () => {
  test('is told at once, with the reason: a full disk', async () => {
    const { folder, file } = await newFolder();
    // No byte can be written to any file.
    const { stdout } = await run('sh', [
      '-c',
      'ulimit -f 0; exec "$0" "$@"',
      process.execPath,
      fixture('acquire.ts'),
      file,
    ]);
    expect(JSON.parse(stdout)).toMatchObject({
      code: 'PB_LOCK_UNWRITABLE',
      message: expect.stringContaining(`${file} cannot be locked: EFBIG`),
    });
    expect(await readdir(folder)).toEqual([]);
  });

  test('a folder that may not be written to', async () => {
    const { folder, file, marker } = await newFolder();
    const deny = () => run(process.execPath, [fixture('acquire.ts'), file, 'unprivileged']);
    await run('chmod', ['555', folder]);
    expect(JSON.parse((await deny()).stdout)).toMatchObject({
      code: 'PB_LOCK_UNWRITABLE',
      message: expect.stringContaining('EACCES'),
      hint: expect.any(String),
    });
    // What is left behind there cannot be removed either.
    await plant(marker, { ...thisProcess(), start: 1n });
    expect(JSON.parse((await deny()).stdout)).toMatchObject({ code: 'PB_LOCK_UNWRITABLE' });
    await run('chmod', ['755', folder]);
  });

  test('a folder that is not there', async () => {
    const { folder } = await newFolder();
    await expect(newLocks(folder).locks.acquire('none/data.json')).rejects.toMatchObject({
      code: 'PB_LOCK_UNWRITABLE',
    });
  });
});
