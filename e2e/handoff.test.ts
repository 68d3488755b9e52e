import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { rounds } from '../test-support/rounds.ts';
import { promptbin, promptbinJson, type Status, statusOf } from './support/cli.ts';
import { configureExample, copyExample, setUpPython } from './support/example.ts';
import { loadOf } from './support/load.ts';
import { freePort } from './support/ports.ts';
import { endProcessesOf, processesOf } from './support/processes.ts';
import { until } from './support/until.ts';

beforeAll(setUpPython, 180_000);

/** How often each is done; twenty times with PROMPTBIN_TEST_ROUNDS=10. */
const times = rounds(2);

async function nodeExample(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'promptbin-handoff-'));
  const example = join(import.meta.dirname, '..', 'examples', 'handoff');
  await cp(example, folder, { recursive: true, filter: (path) => !/node_modules|\.promptbin/.test(path) });
  await symlink(join(example, 'node_modules'), join(folder, 'node_modules'));
  onTestFinished(async () => {
    await endProcessesOf(folder);
    await rm(folder, { recursive: true, force: true });
  });
  return folder;
}

async function gunicornExample(): Promise<string> {
  const folder = await copyExample();
  await configureExample(folder, {
    port: { preferred: await freePort(), handoff: true, overlap: true },
    restart: { maxRestarts: 1000, backoff: { initial: '100ms', factor: 1, jitter: 'none' } },
  });
  return folder;
}

test.each([
  ['Node', nodeExample, '/'],
  ['gunicorn', gunicornExample, '/health'],
])(
  '%s: under load, neither SIGKILL nor a restart refuses a connection',
  async (name, make, path) => {
    const folder = await make();
    expect(await promptbin(folder, ['up', '--detach', '--set', 'web.port.preferred=0']).finished).toMatchObject({
      code: 0,
    });
    const ready = (after: number): Promise<Status> =>
      until(
        () => statusOf(folder, 'web'),
        (view) => view.ready && view.generation > after,
        `web is ready after run ${after}`,
      );
    const { url } = await ready(0);
    const load = loadOf(`${url}${path}`);
    for (let round = 0; round < times; round += 1) {
      const { pid, generation } = await ready(0);
      process.kill(-Number(pid), 'SIGKILL');
      await ready(generation);
      expect(await promptbinJson(folder, 'restart', 'web')).toMatchObject({ code: 0 });
    }
    expect((await ready(0)).url).toBe(url);
    // All that was waiting is answered.
    const counts = await load.end();
    console.info(`${name}, ${times} SIGKILLs and ${times} restarts: ${JSON.stringify(counts)}`);
    expect(counts).toMatchObject({ refused: 0, other: [] });
    expect(counts.answered).toBe(counts.sent - counts.reset);
    expect(counts.answered).toBeGreaterThan(0);

    expect(await promptbin(folder, ['down']).finished).toMatchObject({ code: 0 });
    expect(processesOf(folder)).toEqual([]);
  },
  60_000 * (times + 2),
);
