import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testManager } from '../support/project.ts';

interface Entry {
  readonly event: string;
  readonly message: string;
  readonly level: number;
  readonly manager: number;
  readonly process?: string;
  readonly pid?: number;
  readonly run?: number;
  readonly duration?: number;
  readonly cause?: string;
}

const parse = (text: string): Entry[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Entry);

test('the log of the manager is JSON lines with process, pid, run, event and duration', async () => {
  const { manager, root } = await testManager({
    processes: { web: { command: ['sleep', '60'] }, bad: { command: ['sh', '-c', 'exit 3'] } },
  });
  await manager.start();
  const { pid } = await manager.process('web').until('ready');
  await manager.process('bad').until('failed');
  await manager.close();
  const entries = parse(await readFile(join(root, '.promptbin', 'logs', 'promptbin.log'), 'utf8'));
  const find = (name: string, event: string): Entry | undefined =>
    entries.find((entry) => entry.process === name && entry.event === event);
  expect(entries[0]).toMatchObject({ event: 'config.loaded', manager: process.pid });
  expect(find('web', 'process.spawned')).toMatchObject({ pid, run: 1, message: expect.stringContaining(`${pid}`) });
  expect(find('web', 'process.stopped')).toMatchObject({ run: 1, duration: expect.any(Number) });
  expect(find('bad', 'process.exited')).toMatchObject({ run: 1, duration: expect.any(Number), level: 40 });
  const failed = entries.find((entry) => entry.process === 'bad' && entry.message.includes('has failed'));
  expect(failed).toMatchObject({ level: 50, cause: 'exited' });
});

test('a destination of its own gets the same lines, and no file is written', async () => {
  const lines: string[] = [];
  const log = { write: (line: string) => void lines.push(line) };
  const { manager, root } = await testManager({ processes: { job: { command: 'true', kind: 'job' } } }, { log });
  await manager.start();
  await manager.process('job').until('completed');
  expect(parse(lines.join('')).map(({ event }) => event)).toContain('process.spawned');
  await expect(readFile(join(root, '.promptbin', 'logs', 'promptbin.log'))).rejects.toThrow('ENOENT');
});
