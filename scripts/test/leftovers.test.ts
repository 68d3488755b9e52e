import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { findLeftovers } from '../leftovers.ts';

const server = `require('node:net').createServer().listen(0, '127.0.0.1', function () { console.log(this.address().port) })`;

let child: ChildProcess | undefined;
afterEach(() => {
  child?.kill('SIGKILL');
});

test.runIf(process.platform === 'linux')('a process is found by its mark, with the port that it holds', async () => {
  const mark = `LEFTOVER_TEST=${randomUUID()}`;
  expect(findLeftovers([mark])).toEqual([]);
  const [name = '', value = ''] = mark.split('=');
  child = spawn(process.execPath, ['-e', server], { env: { [name]: value }, stdio: ['ignore', 'pipe', 'inherit'] });
  const [printed] = await once(child.stdout as NonNullable<typeof child.stdout>, 'data');
  const port = String(printed).trim();

  const found = findLeftovers([mark]);
  expect(found).toEqual([
    { pid: child.pid, command: expect.stringContaining('createServer'), listening: [`port ${port}`] },
  ]);
  expect(findLeftovers([name]).map(({ pid }) => pid)).toContain(child.pid);
  expect(findLeftovers(['LEFTOVER_TES'])).toEqual([]);
});
