import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { SharedInput } from '../../src/contract/config.ts';
import { SharedFile, type SharedLaunch } from '../../src/process/shared-file.ts';
import { testFolder } from '../output/harness.ts';

const env = { PROMPTBIN_MODE: 'managed', PROMPTBIN_DATA_DIR: '/project/data', OTHER: 'x' };
const shared: SharedInput = { flask: { port: 5000, debug: false, host: '127.0.0.1' }, own: [1, 'two', null] };

function launch(name: string, section: string | undefined, port?: number): SharedLaunch {
  const listens = {
    preferred: 'auto',
    strict: false,
    host: '0.0.0.0',
    env: [],
    handoff: false,
    overlap: false,
  } as const;
  const spec = { name, ...(section && { shared: section }), ...(port !== undefined && { port: listens }) };
  return { spec, port, env };
}

async function sharedFile(content: SharedInput | undefined = shared): Promise<{ file: string; shared: SharedFile }> {
  const file = join(await testFolder(), 'shared.json');
  return { file, shared: new SharedFile(file, '/project', () => content) };
}

const read = async (file: string): Promise<unknown> => JSON.parse(await readFile(file, 'utf8'));

test('what the config shares is completed with the real address and what is known of the run', async () => {
  const { file, shared: target } = await sharedFile();
  await target.write(launch('web', 'flask', 5003));
  expect(await read(file)).toEqual({
    flask: { port: 5003, debug: false, host: '0.0.0.0' },
    own: [1, 'two', null],
    runtime: { mode: 'managed', data_dir: '/project/data', project: '/project', manager_pid: process.pid },
  });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('a process without a section, or without a port, leaves the addresses as they are', async () => {
  const { file, shared: target } = await sharedFile();
  await target.write(launch('job', undefined, 6000));
  await target.write(launch('web', 'flask'));
  expect(await read(file)).toMatchObject({ flask: shared.flask });
});

test('processes that start at once do not lose the ports of each other', async () => {
  const names = Array.from({ length: 20 }, (_, index) => `s${index}`);
  const { file, shared: target } = await sharedFile(Object.fromEntries(names.map((name) => [name, { port: 1 }])));
  await Promise.all(names.map((name, index) => target.write(launch(name, name, 7000 + index))));
  expect(await read(file)).toMatchObject(
    Object.fromEntries(names.map((name, index) => [name, { port: 7000 + index, host: '0.0.0.0' }])),
  );
});

test('it is not written again when nothing differs, but when somebody has changed or lost it', async () => {
  const { file, shared: target } = await sharedFile();
  await target.write(launch('web', 'flask', 5003));
  const { ino } = await stat(file);
  await target.write(launch('web', 'flask', 5003));
  expect((await stat(file)).ino).toBe(ino);
  await writeFile(file, '{}');
  await target.write(launch('web', 'flask', 5003));
  expect(await read(file)).toMatchObject({ flask: { port: 5003 } });
  await rm(file);
  await target.write(launch('web', 'flask', 5003));
  expect(await read(file)).toMatchObject({ flask: { port: 5003 } });
});

test('a reader finds it whole at every moment', async () => {
  const { file, shared: target } = await sharedFile({ ...shared, long: 'x'.repeat(100_000) });
  await target.write(launch('web', 'flask', 1));
  let writing = true;
  const writes = (async () => {
    for (let port = 2; port <= 100; port += 1) await target.write(launch('web', 'flask', port));
    writing = false;
  })();
  let reads = 0;
  for (; writing; reads += 1) expect(await read(file)).toHaveProperty('runtime.manager_pid', process.pid);
  await writes;
  expect(reads).toBeGreaterThan(10);
});

test('when the config shares nothing there is no file, and none is left from before', async () => {
  const { file, shared: target } = await sharedFile();
  await target.write(launch('web', 'flask', 5003));
  const without = new SharedFile(file, '/project', () => undefined);
  await without.write(launch('web', undefined));
  await expect(stat(file)).rejects.toThrow('ENOENT');
  expect(without.facts).toEqual({});
});

test('a file that cannot be written is named with the reason, and no part of it stays', async () => {
  const { file, shared: target } = await sharedFile();
  await mkdir(join(file, 'in the way'), { recursive: true });
  const write = target.write(launch('web', 'flask', 5003));
  await expect(write).rejects.toMatchObject({
    code: 'PB_SHARED_UNWRITABLE',
    message: expect.stringContaining(`${file} cannot be written: EISDIR`),
    process: 'web',
    details: { causeCode: 'unknown' },
  });
  expect(await readdir(join(file, '..'))).toEqual(['shared.json']);
  await rm(file, { recursive: true });
  await target.write(launch('web', 'flask', 5003));
  expect(await read(file)).toMatchObject({ flask: { port: 5003 } });
});

test('a disk that gets full leaves the file as it was', async () => {
  const { file, shared: target } = await sharedFile();
  await target.write(launch('web', 'flask', 5003));
  const before = await readFile(file, 'utf8');
  // The shell's unit is 512 or 1024 bytes.
  const script = join(import.meta.dirname, '..', 'fixtures', 'share-much.ts');
  const run = promisify(execFile)('sh', ['-c', `ulimit -f 8; exec "$0" "$@"`, process.execPath, script, file]);
  expect(JSON.parse((await run).stdout)).toMatchObject({ code: 'PB_SHARED_UNWRITABLE' });
  expect(await readFile(file, 'utf8')).toBe(before);
  expect(await readdir(join(file, '..'))).toEqual(['shared.json']);
});
