import { cp, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { promptbin, promptbinJson, statusOf } from './support/cli.ts';
import { endProcessesOf, processesOf } from './support/processes.ts';

const examples = join(import.meta.dirname, '..', 'examples');

/** A copy of an example, whose processes are gone when the test ends. */
async function copyOf(name: string): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'promptbin-')));
  await cp(join(examples, name), folder, {
    recursive: true,
    filter: (path) => !/\/(node_modules|\.promptbin|dist)$/.test(path),
  });
  await symlink(join(examples, name, 'node_modules'), join(folder, 'node_modules'));
  onTestFinished(async () => {
    await endProcessesOf(folder);
    await rm(folder, { recursive: true, force: true });
  });
  return folder;
}

test.each([
  ['quickstart', /^Hello from pid \d+\./],
  ['yaml', /^Hello from what the job has built\./],
  ['json', /^Good day from port \d+\./],
  ['handoff', /^Hello from pid \d+\. Kill me, and nobody is refused\./],
])('the example %s comes up, answers, and leaves nothing behind', async (name, answer) => {
  const folder = await copyOf(name);
  expect(await promptbin(folder, ['config', 'check']).finished).toMatchObject({ code: 0 });

  // Its own port may be taken on this machine.
  const up = await promptbinJson(
    folder,
    'up',
    '--detach',
    '--set',
    name === 'handoff' ? 'web.port.preferred=0' : 'web.port=auto',
  );
  expect(up, up.stderr).toMatchObject({ code: 0 });
  const { url, ready, port } = await statusOf(folder, 'web');
  expect(ready).toBe(true);
  const text = await (await fetch(url ?? '')).text();
  expect(text).toMatch(answer);
  if (name === 'json') expect(text).toContain(`port ${port}.`);

  expect(await promptbin(folder, ['down']).finished).toMatchObject({ code: 0 });
  expect(processesOf(folder)).toEqual([]);
});
