import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { limitNotices, NoticeReader } from '../../src/process/notices.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { pidAfter, start } from './harness.ts';

const descriptors = (): number => readdirSync('/proc/self/fd').length;
const bytes = (text: string): Uint8Array => Buffer.from(text);

describe('the reader', () => {
  const read = (...chunks: readonly string[]): string[] => {
    const texts: string[] = [];
    const reader = new NoticeReader((text) => texts.push(text));
    for (const chunk of chunks) reader.push(bytes(chunk));
    return texts;
  };

  test('tells each line that a line break ends, however it is divided', () => {
    expect(read('one\ntwo', ' words\r', '\n\n', 'unfinished')).toEqual(['one', 'two words', '']);
  });

  test('leaves out what a line has beyond 4 KiB, and keeps the next whole', () => {
    const long = 'x'.repeat(3000);
    expect(read(`${long}${long}\nnext\n`)).toEqual(['x'.repeat(4096), 'next']);
    expect(read(long, long, long, `${long}\nne`, 'xt\n')).toEqual(['x'.repeat(4096), 'next']);
  });
});

test('of more than 100 lines within 10 s the rest is left out, and that is said once', async () => {
  const clock = new VirtualClock();
  const texts: string[] = [];
  const push = limitNotices((text) => texts.push(text), clock);
  for (let i = 1; i <= 500; i += 1) push(`line ${i}`);
  expect(texts).toHaveLength(101);
  expect(texts.slice(-2)).toEqual(['line 100', '(more than 100 lines within 10 s: the rest is left out)']);
  await clock.advance(9999);
  push('still too early');
  expect(texts).toHaveLength(101);
  await clock.advance(1);
  push('heard again');
  expect(texts.at(-1)).toBe('heard again');
});

test.each([3, 10, 255])('a child can write to descriptor %i, and has no other beside 0, 1 and 2', async (notifyFd) => {
  // Not by a shell: the simple ones know descriptors up to 9 only.
  const script = `require('node:fs').writeSync(${notifyFd}, 'ready\\nand more\\n')`;
  const { exited, notices } = start('node', ['-e', script], { notifyFd });
  expect((await exited).code).toBe(0);
  expect(notices).toEqual(['ready', 'and more']);

  // What whoever started these tests left open goes on to everybody.
  const descriptorsOf = async (plan: { notifyFd?: number }): Promise<Set<string>> => {
    const started = start('sh', ['-c', 'echo up; while :; do sleep 60; done'], plan);
    // Until it has begun, its loader has its libraries open.
    await started.saw(/up/);
    return new Set(readdirSync(`/proc/${started.child.pid}/fd`));
  };
  const bare = await descriptorsOf({});
  expect(await descriptorsOf({ notifyFd })).toEqual(bare.add(String(notifyFd)));
});

test('what it wrote comes before its exit; what no line break ended does not come', async () => {
  const rounds = Array.from({ length: 20 }, () =>
    start('sh', ['-c', 'echo ready >&3; printf half >&3'], { notifyFd: 3 }),
  );
  for (const { exited, notices } of rounds) {
    await exited;
    expect(notices).toEqual(['ready']);
  }
});

test('a child may close it, and goes on', async () => {
  const started = start('sh', ['-c', 'echo ready >&3; exec 3>&-; echo on; exec sleep 60'], { notifyFd: 3 });
  await started.saw(/on\n/);
  await expect.poll(() => started.notices).toEqual(['ready']);
  expect(started.child.alive).toBe(true);
});

test('a grandchild that holds it delays nothing, and the pipe is closed after the reaping', async () => {
  await start('true').exited;
  const before = descriptors();
  const started = start('sh', ['-c', 'sleep 60 >/dev/null 2>&1 & echo ready >&3'], { notifyFd: 3 });
  const { code, leftovers } = await started.exited;
  expect({ code, left: leftovers.length }).toEqual({ code: 0, left: 1 });
  expect(started.notices).toEqual(['ready']);
  await started.child.reap({ signal: 'SIGTERM', graceMs: 30_000 });
  await expect.poll(descriptors).toBeLessThanOrEqual(before);
});

test('a grandchild that floods it keeps neither the exit nor the pipe', async () => {
  const before = descriptors();
  const started = start('sh', ['-c', 'yes >&3 & echo "child $!"; exit 3'], { notifyFd: 3 });
  const flood = await pidAfter(started, 'child');
  const { code, leftovers } = await started.exited;
  expect({ code, leftovers }).toEqual({ code: 3, leftovers: [flood] });
  await started.child.reap({ signal: 'SIGTERM', graceMs: 30_000 });
  await expect.poll(descriptors).toBeLessThanOrEqual(before);
});
