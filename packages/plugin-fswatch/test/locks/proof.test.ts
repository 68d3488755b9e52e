import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { examplePython } from '../../../../test-support/python.ts';
import { isSame, lookAt } from '../../src/locks/look.ts';
import { fixture, newFolder, newLocks } from './harness.ts';

let python: string;

beforeAll(async () => {
  python = await examplePython();
}, 300_000);

interface Writer {
  readonly kind: 'node' | 'python';
  readonly child: ChildProcessByStdio<null, Readable, null>;
  /** As its counter is called in the file. */
  readonly name: string;
  /** How many of its rounds are known to be done. */
  acknowledged: number;
}

/** Starts writers that go on until they are killed; counts what they acknowledge. */
class Writers {
  readonly all: Writer[] = [];
  readonly #file: string;
  acknowledged = 0;

  constructor(file: string) {
    this.#file = file;
    onTestFinished(() => {
      for (const { child } of this.living) child.kill('SIGKILL');
    });
  }

  get living(): Writer[] {
    return this.all.filter(({ child }) => child.exitCode === null && child.signalCode === null);
  }

  start(kind: Writer['kind']): void {
    const [command, script] = kind === 'node' ? [process.execPath, 'writer.ts'] : [python, 'writer.py'];
    const child = spawn(command, [fixture(script), this.#file, '1000000000'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const writer: Writer = { kind, child, name: `${kind}-${child.pid}`, acknowledged: 0 };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const rounds = text.split('\n').length - 1;
      writer.acknowledged += rounds;
      this.acknowledged += rounds;
    });
    this.all.push(writer);
  }

  /** Resolves when all that it has acknowledged is counted. */
  async kill({ child }: Writer): Promise<void> {
    const closed = once(child, 'close');
    child.kill('SIGKILL');
    await closed;
  }
}

test('writers in two languages lose no update when any of them is killed at any moment', {
  timeout: 300_000,
}, async () => {
  const { folder, file, marker } = await newFolder();
  await writeFile(file, '{}');
  const writers = new Writers(file);
  for (const kind of ['node', 'python'] as const) for (let count = 0; count < 4; count += 1) writers.start(kind);

  // Whoever reads without a lock finds the whole file at every moment.
  let isOver = false;
  onTestFinished(() => {
    isOver = true;
  });
  let reads = 0;
  const reader = (async () => {
    for (; !isOver; reads += 1) {
      expect(JSON.parse(await readFile(file, 'utf8'))).toBeTypeOf('object');
      await delay(1);
    }
  })();

  await expect.poll(() => writers.all.every(({ acknowledged }) => acknowledged > 0), { timeout: 60_000 }).toBe(true);
  const before = writers.acknowledged;
  let killedHolders = 0;
  let longestMs = 0;
  for (let kills = 1; kills <= 25; kills += 1) {
    await expect
      .poll(() => writers.acknowledged, { timeout: 60_000, interval: 2 })
      .toBeGreaterThan(before + 80 * kills);
    const holder = lookAt(marker)?.content;
    const victim =
      // Each second time the one who holds the lock, if that is known.
      (kills % 2 === 0 &&
        holder?.kind === 'owner' &&
        writers.living.find(({ child }) => child.pid === holder.owner.pid)) ||
      writers.living[Math.floor(Math.random() * writers.living.length)];
    if (victim === undefined) throw new Error('every writer has ended');
    await writers.kill(victim);
    writers.start(victim.kind);

    // What it has left is gone soon, and everybody else's marker anyway.
    const left = lookAt(marker);
    if (left === undefined) continue;
    if (left.content.kind === 'owner' && left.content.owner.pid === victim.child.pid) killedHolders += 1;
    const began = performance.now();
    while (isSame(lookAt(marker), left) && performance.now() - began < 30_000) await delay(5);
    longestMs = Math.max(longestMs, performance.now() - began);
  }
  await expect.poll(() => writers.acknowledged, { timeout: 60_000 }).toBeGreaterThan(before + 2000);
  for (const writer of writers.living) await writers.kill(writer);

  await using _ = await newLocks(folder).locks.acquire('data.json', { timeout: 30_000, stale: 3000 });
  isOver = true;
  await reader;
  const counts = JSON.parse(await readFile(file, 'utf8')) as Record<string, number>;
  for (const { name, acknowledged } of writers.all) {
    // The last one of a writer that was killed may be in the file without being acknowledged.
    expect([acknowledged, acknowledged + 1], name).toContain(counts[name] ?? 0);
  }
  expect(Object.keys(counts).filter((name) => !writers.all.some((writer) => writer.name === name))).toEqual([]);
  expect(killedHolders).toBeGreaterThan(0);
  expect(longestMs).toBeLessThan(5000);
  expect(reads).toBeGreaterThan(100);
});
