import { type ChildProcess, spawn } from 'node:child_process';
import type { EventMap, ProcessView } from '@promptbin/core';
import { systemClock } from '@promptbin/core';
import { afterEach, describe, expect, it } from 'vitest';
import { Sampler } from '../src/sampler.ts';

type Sample = EventMap['process.sample'];

const children: ChildProcess[] = [];

/** A child that keeps one CPU busy, or sleeps. */
function run(script: 'busy' | 'idle'): number {
  const code = script === 'busy' ? 'for (;;);' : 'setInterval(() => {}, 1000)';
  const child = spawn(process.execPath, ['-e', code], { stdio: 'ignore' });
  children.push(child);
  return child.pid ?? 0;
}

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A manager with these process trees. */
function sourceOf(trees: Map<string, readonly number[]>, emit: (sample: Sample) => void) {
  let reads = 0;
  return {
    clock: systemClock,
    processes: () => [...trees].map(([name, [pid]]) => ({ name, generation: 1, pid }) as ProcessView),
    tree: async (name: string) => {
      reads++;
      return trees.get(name) ?? [];
    },
    emit,
    reads: () => reads,
  };
}

/** The first `many` samples. */
async function samplesOf(trees: Map<string, readonly number[]>, many: number): Promise<Sample[]> {
  const stop = new AbortController();
  const samples: Sample[] = [];
  const source = sourceOf(trees, (sample) => {
    samples.push(sample);
    if (samples.length >= many) stop.abort();
  });
  await new Sampler(source, 300, stop.signal).wake();
  return samples;
}

describe('sampler', () => {
  it('sums the tree, and begins with a true CPU figure', async () => {
    const [first] = await samplesOf(new Map([['web', [run('busy'), run('idle')]]]), 1);
    expect(first).toMatchObject({ name: 'web', generation: 1, processes: 2 });
    expect(first?.cpuPercent).toBeGreaterThan(1);
    expect(first?.memoryBytes).toBeGreaterThan(20 * 1024 * 1024);
  });

  it('leaves out who is gone, and goes on', async () => {
    const gone = 2 ** 22 + 1;
    const trees = new Map([
      ['gone', [gone]],
      ['web', [run('idle'), gone]],
    ]);
    const samples = await samplesOf(trees, 2);
    expect(samples.map(({ name, processes }) => [name, processes])).toEqual([
      ['web', 1],
      ['web', 1],
    ]);
  });

  it('sleeps while nothing is up, and wakes again', async () => {
    const trees = new Map<string, readonly number[]>();
    const stop = new AbortController();
    const samples: Sample[] = [];
    const source = sourceOf(trees, (sample) => {
      samples.push(sample);
      trees.clear();
    });
    const sampler = new Sampler(source, 50, stop.signal);
    await sampler.wake();
    expect(source.reads()).toBe(0);
    trees.set('web', [run('idle')]);
    // A second call while it is awake must not double the readings.
    await Promise.all([sampler.wake(), sampler.wake()]);
    expect(samples).toHaveLength(1);
    expect(source.reads()).toBe(2);
    stop.abort();
  });
});
