import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { processesOf } from './support/processes.ts';

const example = join(import.meta.dirname, '..', 'examples', 'custom-plugin');

test('the example of a plugin checks itself, and leaves nothing behind', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['main.ts'], { cwd: example });
  expect(stdout.trim().split('\n')).toEqual([
    'maintenance is on',
    'web waits for the end of maintenance',
    'maintenance is off',
    'web is up',
  ]);
  expect(processesOf(example)).toEqual([]);
});
