import { expect, test } from 'vitest';
import { signatureOf } from '../../src/state/signature.ts';

test.for<[string, string]>([
  ['request 17 took 12.5 ms', 'request 4 took 900 ms'],
  ['2026-11-26 04:10:28,120 ERROR no database', '2025-01-02T03:04:05Z ERROR no database'],
  ['object at 0x7f3a9c has gone', 'object at 0xdeadbeef has gone'],
  [
    'session 3f2b8a9c-1d2e-4f5a-8b6c-7d8e9f0a1b2c is unknown',
    'session 00000000-0000-0000-0000-000000000000 is unknown',
  ],
  ['commit 1f1bda5 is missing', 'commit 84af413 is missing'],
  ['File "/srv/app/views.py", line 12', 'File "/home/me/app/models.py", line 8'],
  ['\u001B[31mERROR\u001B[0m in worker 1', 'ERROR in worker 2'],
])('%o and %o are of one kind', ([one, other]) => {
  expect(signatureOf(one)).toBe(signatureOf(other));
});

test.for<[string, string]>([
  ['no such table: users', 'no such table: notes'],
  ['connect refused', 'connect timed out'],
  ['KeyError: deadline', 'KeyError: facade'],
])('%o and %o differ', ([one, other]) => {
  expect(signatureOf(one)).not.toBe(signatureOf(other));
});

test('only the beginning of an endless line counts, and no pattern takes long over it', () => {
  const began = performance.now();
  expect(signatureOf('1a/'.repeat(100_000))).not.toBe('');
  expect(performance.now() - began).toBeLessThan(1000);
});
