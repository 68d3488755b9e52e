import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../watch/folder.ts';

const program = fileURLToPath(new URL('watched.ts', import.meta.url));

// The limit is that of a user namespace which the test makes: of nobody else. Where those are not allowed, it cannot be made.
const script = 'echo 4 > /proc/sys/user/max_inotify_watches && exec "$@"';
const inNamespace = ['--user', '--map-root-user', 'sh', '-c', script, 'sh'] as const;

it('where no more can be watched it is looked, and said why and what to do', async () => {
  const folder = await temporaryFolder();
  const names = Array.from({ length: 12 }, (_, index) => `folder${index}`);
  for (const name of names) await mkdir(join(folder, name));
  for (const name of names) await writeFile(join(folder, name, 'a.py'), '1');
  const child = spawn('unshare', [...inNamespace, process.execPath, program, folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  onTestFinished(async () => {
    child.stdin.end();
    await exited;
  });
  const told: unknown[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => told.push(JSON.parse(line)));
  await expect.poll(() => told, { timeout: 50_000 }).toContain('up');
  const polling = {
    name: 'web',
    everyMs: 500,
    message: expect.stringMatching(
      /^web: its files are looked at every 500 ms: the limit of watched files is reached .* raise it by /,
    ),
  };
  await expect.poll(() => told).toContainEqual(polling);
  for (const name of names) await writeFile(join(folder, name, 'a.py'), 'changed');
  const paths = () =>
    told.flatMap((one) => (one as { files?: { path: string }[] }).files ?? []).map(({ path }) => path);
  await expect.poll(() => paths().toSorted()).toEqual(names.map((name) => join(name, 'a.py')).toSorted());
  expect(told.filter((one) => JSON.stringify(one).includes('everyMs'))).toHaveLength(1);
});
