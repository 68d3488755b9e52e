import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { acquireLock } from '../../src/control/lock.ts';
import { findRoot, prepareProject } from '../../src/control/project.ts';
import { readRecord, writeRecord } from '../../src/control/record.ts';
import { serveControl } from '../../src/control/server.ts';
import { prepareSocketFolder, socketPath } from '../../src/control/socket-path.ts';
import { ScriptedSource } from './scripted-source.ts';

let root: string;

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'promptbin-')));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true });
});

describe('the folder', () => {
  test('is closed to others, even when it was not, and ignored by git', async () => {
    await mkdir(join(root, '.promptbin'), { mode: 0o755 });
    const { folder } = await prepareProject(root);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(await readFile(join(folder, '.gitignore'), 'utf8')).toBe('*\n');
  });

  test('that cannot be made is told with its path', async () => {
    await writeFile(join(root, '.promptbin'), 'a file');
    await expect(prepareProject(root)).rejects.toMatchObject({
      code: 'PB_PROJECT_UNWRITABLE',
      message: expect.stringContaining(join(root, '.promptbin')),
    });
  });
});

describe('the lock', () => {
  const holder = fileURLToPath(new URL('../fixtures/hold-lock.ts', import.meta.url));

  async function hold(file: string) {
    const child = spawn(process.execPath, [holder, file], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    return child;
  }

  test('is held by one process, and let go by the kernel when that is killed', async () => {
    const file = join(root, 'manager.lock');
    const child = await hold(file);
    expect(acquireLock(file)).toBeUndefined();
    child.kill('SIGKILL');
    await once(child, 'exit');
    using lock = acquireLock(file);
    expect(lock).toBeDefined();
    expect(await readdir(root)).toEqual(['manager.lock']);
  });

  test('can be taken again after it was let go, and over a file of garbage', async () => {
    const file = join(root, 'manager.lock');
    await writeFile(file, 'not a database'.repeat(100));
    acquireLock(file)?.[Symbol.dispose]();
    using again = acquireLock(file);
    expect(again).toBeDefined();
  });
});

describe('the socket path', () => {
  test('stands beside the config when it fits', () => {
    expect(socketPath(root)).toBe(join(root, '.promptbin', 'control.sock'));
  });

  test('a long one moves to the runtime folder, where it can be bound', async () => {
    const deep = join(root, 'x'.repeat(100));
    await mkdir(deep);
    vi.stubEnv('XDG_RUNTIME_DIR', root);
    const socket = socketPath(deep);
    expect(socket.startsWith(join(root, 'promptbin/'))).toBe(true);
    await using _server = await serveControl({ socket, source: new ScriptedSource() });
    expect((await stat(join(root, 'promptbin'))).mode & 0o777).toBe(0o700);
    vi.stubEnv('XDG_RUNTIME_DIR', '');
    expect(socketPath(deep)).toContain(join(tmpdir(), `promptbin-${process.getuid?.()}/`));
  });

  test('a folder that others can write to is not used', async () => {
    await chmod(root, 0o777);
    await expect(prepareSocketFolder(join(root, 'control.sock'))).rejects.toMatchObject({
      code: 'PB_PROJECT_UNWRITABLE',
    });
  });
});

test('the record is read back, and one that is cut off is none', async () => {
  const file = join(root, 'manager.json');
  const record = { pid: 1, project: root, socket: '/s', since: 'now', version: '0' };
  await writeRecord(file, record);
  expect(readRecord(file)).toEqual(record);
  await writeFile(file, '{"pid": 1,');
  expect(readRecord(file)).toBeUndefined();
});

describe('the root of a project', () => {
  test('is the nearest folder with a config, up to the repository', async () => {
    const inner = join(root, 'a', 'b');
    await mkdir(inner, { recursive: true });
    await mkdir(join(root, '.git'));
    expect(findRoot({ project: inner })).toBeUndefined();
    await writeFile(join(root, 'promptbin.config.ts'), '');
    expect(findRoot({ project: inner })).toBe(root);
    expect(findRoot({ project: join(inner, 'gone') })).toBeUndefined();
    await writeFile(join(root, 'a', 'package.json'), '{"promptbin":{}}');
    expect(findRoot({ project: inner })).toBe(join(root, 'a'));
    await mkdir(join(inner, '.git'));
    expect(findRoot({ project: inner })).toBeUndefined();
  });

  test('is the folder of a named config', async () => {
    await writeFile(join(root, 'other.json'), '{}');
    expect(findRoot({ project: root, config: 'other.json' })).toBe(root);
    expect(findRoot({ project: root, config: 'none.json' })).toBeUndefined();
  });

  test('is not a folder above that anyone can write to', async () => {
    const inner = join(root, 'mine');
    await mkdir(inner);
    await writeFile(join(root, 'promptbin.config.json'), '{}');
    await chmod(root, 0o777);
    expect(findRoot({ project: inner })).toBeUndefined();
    expect(findRoot({ project: root })).toBe(root);
  });
});
