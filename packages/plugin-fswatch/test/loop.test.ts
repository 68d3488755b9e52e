import { defineConfig, systemClock } from '@promptbin/core';
import { expect, it } from 'vitest';
import { manage } from '../../../test-support/manage.ts';
import { fswatch, type WatchListResult } from '../src/index.ts';

/** Writes into what it watches when it starts, until there is a file `calm`. */
const restless = 'echo $$ >> marks; test -e calm || { sleep 0.2; date +%s%N > state.txt; }; exec sleep 60';

it.each([
  ['told by the system', {}],
  ['by looking', { poll: '50ms' }],
] as const)(
  '%s: a process that writes what it watches is suspended after ten restarts, and resumed by a command',
  async (_, means) => {
    const web = {
      command: ['sh', '-c', restless],
      stop: { grace: '1s' },
      fswatch: { include: ['*.txt'], ...means },
    } as const;
    await using run = await manage(defineConfig({ plugins: [fswatch()], processes: { web } }));
    const call = (name: string, input: object = {}) => run.manager.call(name, input, { caller: 'tester' });
    await run.manager.start();
    await expect
      .poll(() => run.eventsOf('files.suspended'), { timeout: 60_000 })
      .toMatchObject([
        {
          name: 'web',
          path: 'state.txt',
          message: expect.stringContaining('Leave that out by "ignore", then call watch.resume'),
        },
      ]);
    const process = run.manager.process('web');
    await process.until('ready');
    expect(process.view).toMatchObject({ phase: 'running', restarts: 10 });
    const { summary, processes } = ((await call('watch.list')) as { value: WatchListResult }).value;
    expect(summary).toBe('Watched: web; suspended: web.');
    expect(processes[0]?.suspended).toBe(true);

    // It stays as it is, whatever is written.
    const told = run.eventsOf('files.changed').length;
    await run.write('other.txt', '1');
    await expect.poll(() => run.eventsOf('files.changed').length).toBe(told + 1);
    expect(process.view.restarts).toBe(10);

    await run.write('calm', '');
    expect(await call('watch.resume', { name: 'web' })).toMatchObject({
      ok: true,
      value: { summary: 'Changes are acted upon for web again.' },
    });
    // What it has missed is made up for, once.
    expect(await process.until(({ ready, restarts }) => ready && restarts === 11)).toMatchObject({ phase: 'running' });
    await systemClock.sleep(500);
    expect(process.view.restarts).toBe(11);
    expect(await call('watch.resume', { name: 'web' })).toMatchObject({ value: { summary: 'web was not suspended.' } });
  },
);
