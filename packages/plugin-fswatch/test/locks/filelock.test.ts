import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { examplePython } from '../../../../test-support/python.ts';
import { inspectMarker } from '../../src/locks/inspect.ts';
import { formatMarker, parseMarker } from '../../src/locks/marker.ts';
import { hasEnded, hostName, thisProcess } from '../../src/locks/owner.ts';
import { startToken } from '../../src/locks/start-token.ts';
import { endedPid, fixture, newFolder, newLocks, startChild } from './harness.ts';

const isLinux = process.platform === 'linux';
let python: string;

beforeAll(async () => {
  python = await examplePython();
}, 300_000);

/** One of Python who holds the lock. Ends by itself with its stdin. */
async function holdInPython(file: string) {
  const holder = await startChild(python, [fixture('hold.py'), file]);
  await once(holder.stdout as NodeJS.ReadableStream, 'data');
  return holder;
}

interface Judgement {
  readonly pid: number;
  readonly host: string;
  readonly start: string;
  readonly parent: string;
  readonly holders: readonly (readonly string[] | null)[];
  readonly stale: readonly (boolean | null)[];
}

function judge(texts: readonly string[]): Judgement {
  const input = JSON.stringify(texts);
  return JSON.parse(execFileSync(python, [fixture('judge.py')], { input, encoding: 'utf8' })) as Judgement;
}

/** As `judge.py` prints it. */
function partsOf(text: string): readonly string[] | null {
  const content = parseMarker(Buffer.from(text));
  if (content.kind !== 'owner') return null;
  const { pid, host, start } = content.owner;
  return [String(pid), host, start === undefined ? 'None' : String(start)];
}

describe('a record', () => {
  test('is read alike', () => {
    const texts = [
      ['12\nweb1\n', '12\nweb1\n34\n', '\n12\nweb1\n\n', '12\r\nweb1\r\n', '012\nweb1\n', `2\nweb\n${2n ** 190n}\n`],
      ['', '\n', '12', '12\n', '12\nweb1', '12\nweb1\n34', '12\nweb1\nx\n', '12\nweb1\n-3\n', '12\nweb1\n3\n4\n'],
      ['0\nweb1\n', '-1\nweb1\n', '2147483647\nw\n', '2147483648\nw\n', '1_0\nweb1\n', '+1\nweb1\n', '٣\nweb1\n'],
      ['1\nfilelock-strict-v1\0\n0\n', 'filelock/break\n7\n', 'filelock/released\n', `1\n${'x'.repeat(1018)}\n`],
    ].flat();
    expect(texts.map(partsOf)).toEqual(judge(texts).holders);
  });

  test('names a process alike', () => {
    const { pid, host, start, parent } = judge([]);
    expect(pid).toBeGreaterThan(0);
    expect(host).toBe(hostName());
    if (isLinux) expect(start).toMatch(/^\d+$/);
    expect(parent).toBe(String(thisProcess().start ?? 'None'));
  });

  test('leads to the same verdict', async () => {
    const own = thisProcess();
    const sleeper = await startChild('sleep', ['60']);
    const start = startToken(sleeper.pid);
    const ended = await endedPid();
    const owners = [
      own,
      { pid: own.pid, host: own.host },
      { ...own, start: 1n },
      { ...own, host: 'elsewhere' },
      { pid: ended, host: own.host },
      { pid: ended, host: own.host, start: 5n },
      { pid: ended, host: 'elsewhere' },
      { pid: sleeper.pid, host: own.host, ...(start !== undefined && { start }) },
      { pid: sleeper.pid, host: own.host, ...(start !== undefined && { start: start - 1n }) },
      { pid: sleeper.pid, host: own.host, ...(start !== undefined && { start: start + 2n ** 64n }) },
    ];
    expect(owners.map(hasEnded)).toEqual(judge(owners.map(formatMarker)).stale);
  });
});

describe('a lock', () => {
  test('that Python holds is waited for, and taken when it is released', async () => {
    const { folder, file, marker } = await newFolder();
    const { locks, heard } = newLocks(folder);
    const holder = await holdInPython(file);
    expect(await inspectMarker(marker)).toMatchObject({ kind: 'holder', holder: { pid: holder.pid, alive: true } });
    await expect(locks.acquire('data.json', { timeout: 100 })).rejects.toMatchObject({
      message: expect.stringContaining(`held by pid ${holder.pid} on ${hostName()} for`),
    });
    const next = locks.acquire('data.json');
    holder.stdin?.end();
    await using _ = await next;
    expect(heard).toEqual([]);
  });

  test('that a killed Python has left is taken over', async () => {
    const { folder, file } = await newFolder();
    const { locks, heard } = newLocks(folder);
    const holder = await holdInPython(file);
    const next = locks.acquire('data.json');
    holder.kill('SIGKILL');
    await using _ = await next;
    expect(heard).toEqual([`broken ${file} holder ${holder.pid}`]);
  });

  test('that we hold makes Python wait, and goes to it when it is released', async () => {
    const { folder, file, marker } = await newFolder();
    const { locks } = newLocks(folder);
    const lock = await locks.acquire('data.json');
    const ask = `import sys, filelock
lock = filelock.SoftFileLock(sys.argv[1])
print(lock.pid)
try:
    lock.acquire(timeout=1)
except filelock.Timeout:
    print("timeout")`;
    expect(execFileSync(python, ['-c', ask, marker], { encoding: 'utf8' })).toBe(`${process.pid}\ntimeout\n`);
    expect(lock.isHeld()).toBe(true);
    const waiting = holdInPython(file);
    await lock.release();
    await waiting;
    expect(await readFile(marker, 'utf8')).not.toContain(`${process.pid}\n`);
  });

  test('that a killed manager has left is taken over by Python', async () => {
    const { file, marker } = await newFolder();
    const holder = spawn(process.execPath, [fixture('hold.ts'), file], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(holder.stdout, 'data');
    holder.kill('SIGKILL');
    const { pid } = await holdInPython(file);
    expect(await inspectMarker(marker)).toMatchObject({ holder: { pid } });
  });

  test('that a busy manager takes again and again is not kept from Python', async () => {
    const { folder, file } = await newFolder();
    const { locks } = newLocks(folder);
    const isOver = new AbortController();
    const work = async (): Promise<void> => {
      while (!isOver.signal.aborted)
        await locks.withLock('data.json', () => new Promise((done) => setTimeout(done, 20)));
    };
    // Somebody of this manager waits at every moment.
    const busy = Promise.all([work(), work(), work()]);
    const holder = await holdInPython(file);
    isOver.abort();
    holder.stdin?.end();
    await busy;
  });
});
