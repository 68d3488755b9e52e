import { fileURLToPath } from 'node:url';
import { defineConfig, systemClock } from '@promptbin/core';
import { describe, expect, it } from 'vitest';
import { type Managed, manage } from '../../../test-support/manage.ts';
import {
  fswatch,
  type WatchHoldResult,
  type WatchListResult,
  type WatchReleaseResult,
  type WatchSettings,
} from '../src/index.ts';

const fixture = fileURLToPath(new URL('fixtures/serve.sh', import.meta.url));
const poll = { timeout: 30_000 };

async function started(means: WatchSettings): Promise<Managed> {
  const service = (marks: string, include: string) =>
    ({ command: ['sh', fixture, marks], fswatch: { include: [include], ...means } }) as const;
  const processes = { web: service('web-marks', '*.py'), api: service('api-marks', '*.js') };
  const run = await manage(defineConfig({ plugins: [fswatch()], processes }), { 'app.py': '1', 'api.js': '1' });
  await run.manager.start();
  for (const name of ['web', 'api']) await run.manager.process(name).until('ready');
  await expect.poll(async () => (await run.marks('web-marks')) + (await run.marks('api-marks')), poll).toBe(2);
  await expect.poll(() => run.eventsOf('files.watched').length, poll).toBe(2);
  return run;
}

async function call<T>(run: Managed, command: string, input: object = {}): Promise<T> {
  const answer = await run.manager.call(command, input, { caller: 'tester' });
  if (!answer.ok) throw new Error(answer.error.message);
  return answer.value as T;
}

describe.each([
  ['told by the system', {}],
  ['by looking', { poll: '50ms' }],
] as const)('%s', (_, means) => {
  it('twenty edits under a hold are one restart after its release, which tells so', async () => {
    await using run = await started(means);
    const { lease, summary } = await call<WatchHoldResult>(run, 'watch.hold');
    expect(summary).toBe('Changes are kept until hold-1 is released, 120 s at most.');
    for (let edit = 0; edit < 20; edit += 1) {
      await run.write(`module${edit}.py`, 'new');
      await systemClock.sleep(30);
    }
    const waits = async () => (await call<WatchListResult>(run, 'watch.list')).processes[0]?.waiting;
    await expect.poll(waits, poll).toEqual({ files: 20, for: 'a hold' });
    expect(run.eventsOf('files.changed')).toEqual([]);
    const released = await call<WatchReleaseResult>(run, 'watch.release', { lease });
    expect(released.summary).toBe('web: restarted (20 files)');
    expect(released.followed).toMatchObject([{ name: 'web', action: 'restart' }]);
    const view = await run.manager.process('web').until(({ ready, generation }) => ready && generation === 2);
    expect(view.restarts).toBe(1);
    expect(run.eventsOf('files.changed')).toMatchObject([{ name: 'web', count: 20 }]);
    const [listed] = (await call<WatchListResult>(run, 'watch.list')).processes;
    expect(listed).toMatchObject({ name: 'web', last: { count: 20, action: 'restart' } });
    // Held, released, changed.
    const isOurs = ({ uris }: { uris: readonly string[] }) => uris.includes('promptbin://watches');
    expect(run.eventsOf('resource.changed').filter(isOurs)).toHaveLength(3);
    expect(run.manager.process('api').view.generation).toBe(1);
  });

  it('what is written right before the release counts, too', async () => {
    await using run = await started(means);
    const { lease } = await call<WatchHoldResult>(run, 'watch.hold', { name: 'web' });
    await run.write('app.py', '2');
    expect((await call<WatchReleaseResult>(run, 'watch.release', { lease })).summary).toBe('web: restarted (1 file)');
  });

  it('a hold is for the process that it names', async () => {
    await using run = await started(means);
    await call(run, 'watch.hold', { name: 'web' });
    await run.write('app.py', '2');
    await run.write('api.js', '2');
    await run.manager.process('api').until(({ ready, generation }) => ready && generation === 2);
    expect(run.manager.process('web').view.generation).toBe(1);
  });

  it('changes that are taken back under a hold are none', async () => {
    await using run = await started(means);
    const { lease } = await call<WatchHoldResult>(run, 'watch.hold');
    await run.write('app.py', '2');
    await expect
      .poll(async () => (await call<WatchListResult>(run, 'watch.list')).processes[0]?.waiting, poll)
      .toBeDefined();
    await run.write('app.py', '1');
    const released = await call<WatchReleaseResult>(run, 'watch.release', { lease });
    expect(released).toEqual({ summary: 'No watched file has changed.', followed: [] });
  });

  it('a hold that nobody releases ends by itself, and its changes are acted upon', async () => {
    await using run = await started(means);
    const { lease } = await call<WatchHoldResult>(run, 'watch.hold', { timeoutSec: 1 });
    await run.write('app.py', '2');
    await run.manager.process('web').until(({ ready, generation }) => ready && generation === 2);
    expect(run.eventsOf('files.released')).toEqual([
      { lease, expired: true, message: 'hold-1 is over, and nobody has released it' },
    ]);
    expect((await call<WatchReleaseResult>(run, 'watch.release', { lease })).summary).toContain('it has ended already');
  });

  it('two holds hold until both are gone', async () => {
    await using run = await started(means);
    const first = await call<WatchHoldResult>(run, 'watch.hold');
    const second = await call<WatchHoldResult>(run, 'watch.hold', { name: 'web' });
    await run.write('app.py', '2');
    const released = await call<WatchReleaseResult>(run, 'watch.release', { lease: first.lease });
    expect(released.summary).toBe('web: its changes wait for a lock or another hold');
    const both = await call<WatchReleaseResult>(run, 'watch.release', { lease: second.lease });
    expect(both.summary).toBe('web: restarted (1 file)');
  });

  it('nobody can hold what is not there', async () => {
    await using run = await started(means);
    expect(await run.manager.call('watch.hold', { name: 'wbe' }, { caller: 'tester' })).toMatchObject({
      ok: false,
      error: { code: 'PB_PROCESS_UNKNOWN', hint: 'Did you mean "web"? Known: web, api.' },
    });
  });
});
