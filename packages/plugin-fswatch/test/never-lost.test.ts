import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defineConfig, systemClock } from '@promptbin/core';
import { expect, it } from 'vitest';
import { manage } from '../../../test-support/manage.ts';
import { fswatch, type WatchHoldResult } from '../src/index.ts';

/** Reads its file slowly, and ends slowly: most edits fall into a time when it is on its way. */
const slow = 'trap "sleep 0.1; exit 0" TERM; sleep 0.1; echo "has $(cat version.txt)"; while :; do sleep 0.05; done';

it.each([
  ['told by the system', {}],
  ['by looking', { poll: '50ms' }],
] as const)('%s: whenever edits come, what runs in the end has read the last one', async (_, means) => {
  const web = {
    command: ['sh', '-c', slow],
    ready: { log: 'has' },
    stop: { grace: '5s' },
    fswatch: { include: ['version.txt'], ...means },
  } as const;
  await using run = await manage(defineConfig({ plugins: [fswatch()], processes: { web } }), {
    'version.txt': 'nothing',
  });
  // More than ten restarts a minute would be taken for a loop.
  const edits = 9;
  await run.manager.start();
  const process = run.manager.process('web');
  for (let edit = 1; edit <= edits; edit += 1) {
    // From hard on each other to so far apart that each finds it elsewhere on its way.
    await systemClock.sleep(edit * 37);
    const file = join(run.root, 'version.txt');
    if (edit % 2 === 0) {
      await writeFile(`${file}.new`, `edit ${edit}`);
      await rename(`${file}.new`, file);
    } else await writeFile(file, `edit ${edit}`);
  }
  const last = () => process.logs().lines.findLast(({ generation }) => generation === process.view.generation)?.text;
  await expect.poll(last).toBe(`has edit ${edits}`);
  // A release answers when all changes have been acted upon.
  const call = (name: string, input: object = {}) => run.manager.call(name, input, { caller: 'tester' });
  const held = await call('watch.hold');
  await call('watch.release', { lease: (held as { value: WatchHoldResult }).value.lease });
  await process.until('ready');
  expect(last()).toBe(`has edit ${edits}`);
  expect(process.view.restarts).toBeLessThanOrEqual(edits);
});
