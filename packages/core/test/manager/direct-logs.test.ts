import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ManagedProcess, OutputLine } from '@promptbin/core';
import { expect, test } from 'vitest';
import { touch } from '../support/files.ts';
import { plugin } from '../support/plugins.ts';
import { testManager } from '../support/project.ts';

type Command = [string, ...string[]];
const sh = (script: string): Command => ['sh', '-c', script];
const direct = { mode: 'direct' } as const;
const logOf = (root: string, name = 'web'): string => join(root, '.promptbin', 'logs', `${name}.log`);
const textsOf = (process: ManagedProcess): readonly string[] => process.logs().lines.map(({ text }) => text);

test('the process writes to the file by itself, and the manager reads along', async () => {
  const lines: OutputLine[] = [];
  const { manager, root } = await testManager({
    plugins: [plugin('reader', (ctx) => ctx.hooks.output.tap('reader', (line) => void lines.push(line)))],
    processes: {
      web: { command: sh('echo out; echo err >&2; echo ready; exec sleep 60'), ready: { log: 'ready' }, logs: direct },
      piped: { command: 'sleep 60', autostart: false },
    },
  });
  const web = manager.process('web');
  const { pid } = await web.start();
  expect(readFileSync(logOf(root), 'utf8')).toBe('out\nerr\nready\n');
  expect(statSync(logOf(root)).mode & 0o777).toBe(0o600);
  expect(textsOf(web)).toEqual(['out', 'err', 'ready']);
  expect(lines.map(({ stream, generation, text }) => [stream, generation, text])).toEqual([
    ['out', 1, 'out'],
    ['out', 1, 'err'],
    ['out', 1, 'ready'],
  ]);
  // Nothing between them, and nothing else: what a shell has left open for all of us apart.
  const piped = await manager.process('piped').start();
  expect(readdirSync(`/proc/${pid}/fd`)).toEqual(readdirSync(`/proc/${piped.pid}/fd`));
  await web.restart();
  expect(textsOf(web)).toEqual(['out', 'err', 'ready', 'out', 'err', 'ready']);
  expect(web.logs().lines.at(-1)?.generation).toBe(2);
});

test('its last words are there when its exit is told', async () => {
  const { manager } = await testManager({
    processes: { web: { command: sh('echo "cannot go on" >&2; exit 3'), kind: 'job', logs: direct } },
  });
  await expect(manager.process('web').start()).rejects.toMatchObject({ details: { phase: 'failed' } });
  expect(textsOf(manager.process('web'))).toEqual(['cannot go on']);
});

test('secrets are hidden in what the manager tells, not in the file', async () => {
  const env = { API_TOKEN: 'sesame-of-the-config' };
  const { manager, root } = await testManager({
    processes: { web: { command: sh('echo "with $API_TOKEN"'), kind: 'job', env, logs: direct } },
  });
  await manager.process('web').start();
  expect(textsOf(manager.process('web'))).toEqual(['with [secret]']);
  expect(readFileSync(logOf(root), 'utf8')).toBe('with sesame-of-the-config\n');
});

test('while it runs the file is emptied at its size, with no line lost between the files', async () => {
  const { manager, root } = await testManager({
    processes: {
      web: {
        // One burst for each file that appears: nothing is written while the file is emptied.
        command: sh(
          `for n in 1 2 3; do until [ -e go$n ]; do sleep 0.02; done; seq -f "line $n.%g" 1 200; done; echo end; exec sleep 60`,
        ),
        logs: { ...direct, maxSize: '1kb', maxFiles: 9 },
      },
    },
  });
  await manager.start();
  const web = manager.process('web');
  const written = [1, 2, 3].flatMap((n) => Array.from({ length: 200 }, (_, index) => `line ${n}.${index + 1}`));
  for (const n of [1, 2, 3]) {
    touch(root, `go${n}`);
    await expect.poll(() => textsOf(web).length).toBeGreaterThanOrEqual(200 * n);
    await expect.poll(() => statSync(logOf(root)).size).toBeLessThan(1024);
  }
  expect(textsOf(web)).toEqual([...written, 'end']);
  const files = readdirSync(join(root, '.promptbin', 'logs')).filter((file) => /^web\.log/.test(file));
  expect(files.length).toBeGreaterThanOrEqual(4);
  const onDisk = files.toReversed().map((file) => readFileSync(join(root, '.promptbin', 'logs', file), 'utf8'));
  expect(onDisk.join('').trimEnd().split('\n')).toEqual([...written, 'end']);
});

test('a file that is too long already is moved away before a run', async () => {
  const { manager, root } = await testManager({
    processes: { web: { command: sh('echo new'), kind: 'job', logs: { ...direct, maxSize: '1kb' } } },
  });
  await mkdir(join(root, '.promptbin', 'logs'), { recursive: true });
  writeFileSync(logOf(root), 'old\n'.repeat(500));
  await manager.process('web').start();
  expect(readFileSync(logOf(root), 'utf8')).toBe('new\n');
  expect(readFileSync(`${logOf(root)}.1`, 'utf8')).toHaveLength(2000);
  expect(textsOf(manager.process('web'))).toEqual(['new']);
});

test('where the file cannot be opened it is told, and the output comes by a pipe', async () => {
  const { manager, root, events } = await testManager({
    processes: { web: { command: sh('echo told'), kind: 'job', logs: direct } },
  });
  // A folder in its place.
  await mkdir(logOf(root), { recursive: true });
  await manager.process('web').start();
  expect(textsOf(manager.process('web'))).toEqual(['told']);
  const faults = events.filter(({ type }) => type === 'process.logFault');
  expect(faults[0]?.data).toMatchObject({ message: expect.stringMatching(/^cannot be written directly: EISDIR/) });
});

test('a flood holds up neither the process nor the manager', async () => {
  const { manager, root } = await testManager({
    processes: {
      web: {
        command: sh('yes "a line of some length" | head -c 50000000; echo; echo done'),
        kind: 'job',
        logs: { ...direct, maxSize: '100mb' },
      },
    },
  });
  const began = performance.now();
  let longest = 0;
  let last = began;
  const beat = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 10);
  await manager.process('web').start();
  clearInterval(beat);
  expect(statSync(logOf(root)).size).toBeGreaterThanOrEqual(50_000_000);
  // What was too much to be read along is told, and the end of it is there.
  expect(textsOf(manager.process('web')).at(-1)).toBe('done');
  expect(longest).toBeLessThan(10_000);
});

test('another mode is another child, and other limits are not', async () => {
  const logs = (more: object) => ({ processes: { web: { command: sh('echo up; exec sleep 60'), logs: more } } });
  const { manager } = await testManager(logs({}));
  await manager.process('web').start();
  const actionOf = async (more: object) => (await manager.reload(logs(more), { dryRun: true })).processes[0]?.action;
  expect(await actionOf({ maxSize: '1kb', format: 'json', compress: true })).toBe('update');
  expect(await actionOf({ mode: 'direct' })).toBe('restart');
});
