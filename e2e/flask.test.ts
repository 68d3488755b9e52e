import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { copyExample, setUpPython } from './support/example.ts';

beforeAll(setUpPython, 180_000);

test("the Flask app's own tests pass", async () => {
  const folder = await copyExample();
  const python = join(folder, '.venv', 'bin', 'python');
  // unittest writes its report to stderr and exits with 1 when a test fails.
  const { stderr } = await promisify(execFile)(python, ['-m', 'unittest', 'discover', '-s', 'web/tests'], {
    cwd: folder,
    timeout: 240_000,
  });
  expect(stderr).toMatch(/Ran \d+ tests[\s\S]*OK/);
}, 300_000);
