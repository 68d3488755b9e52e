import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

// `.ci/run` repeats the tests on the oldest Node that is supported; a child on another one would prove nothing.
test('what the tests spawn as `node` is the Node that runs them', () => {
  console.log(`tests run on Node ${process.version}`);
  expect(execFileSync('node', ['--version'], { encoding: 'utf8' }).trim()).toBe(process.version);
});
