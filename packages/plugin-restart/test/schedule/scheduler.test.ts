import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createManager, type EventType, type Manager, type ManagerEvent, type ProcessInput } from '@promptbin/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { manage } from '../../../../test-support/manage.ts';
import { type ScriptedChild, scriptedRunner } from '../../../core/test/support/scripted-runner.ts';
import { VirtualClock } from '../../../core/test/support/virtual-clock.ts';
import { restart, type ScheduleListResult } from '../../src/index.ts';

const hour = 3_600_000;
const day = 24 * hour;
const atFour = { cron: '0 4 * * *', timezone: 'UTC' } as const;

type Processes = Record<string, ProcessInput<readonly [ReturnType<typeof restart>]>>;

/** A manager on a clock that begins at midnight; its children do what they are told. */
async function scheduled(processes: Processes) {
  const clock = new VirtualClock();
  const { runner, children } = scriptedRunner();
  const root = await mkdtemp(join(tmpdir(), 'promptbin-'));
  const config = (changed: Processes) => ({ plugins: [restart()], processes: changed });
  const manager = await createManager(config(processes), { root, log: false, clock, runner });
  const ended = new Set<ScriptedChild>();
  /** As many have been spawned, and no more are on their way. A launch looks at real files: it takes its time. */
  const spawned = (count: number): Promise<void> =>
    expect
      .poll(async () => {
        await clock.advance(0);
        return manager.processes().some(({ phase }) => phase === 'waiting') ? 'on their way' : children.length;
      })
      .toBe(count);
  /** The newest child exits, by itself or because it was told to. */
  const end = async (code: number): Promise<void> => {
    const child = children.at(-1);
    if (child === undefined || ended.has(child)) throw new Error('no child');
    ended.add(child);
    child.exit(code);
    child.report();
    await clock.advance(0);
  };
  onTestFinished(async () => {
    const closed = manager.close('the test has ended', { force: true });
    while (children.some((child) => !ended.has(child))) {
      for (const child of children) {
        if (ended.has(child)) continue;
        ended.add(child);
        child.exit(0);
        child.report();
      }
      await clock.advance(0);
    }
    await clock.advance(hour);
    await closed;
    await rm(root, { recursive: true, force: true });
  });
  const reload = async (changed: Processes): Promise<void> => {
    const reloaded = manager.reload(config(changed));
    await clock.advance(0);
    await reloaded;
  };
  return { manager, clock, spawned, end, reload };
}

function collect<K extends EventType>(manager: Manager, type: K): ManagerEvent<K>['data'][] {
  const found: ManagerEvent<K>['data'][] = [];
  manager.on(type, ({ data }) => void found.push(data as ManagerEvent<K>['data']));
  return found;
}

async function list(manager: Manager): Promise<ScheduleListResult> {
  const answer = await manager.call('schedule.list', {}, { caller: 'test' });
  return (answer as unknown as { value: ScheduleListResult }).value;
}

const job = { command: 'backup', kind: 'job', autostart: false } as const;

describe('at its time', () => {
  it('a service that runs is restarted, with the cause', async () => {
    const { manager, clock, spawned, end } = await scheduled({
      web: { command: 'serve', restart: { schedule: atFour } },
    });
    const phases = collect(manager, 'process.phase');
    await manager.start();
    await spawned(1);
    await clock.advance(4 * hour - 1);
    expect(manager.process('web').view).toMatchObject({ phase: 'running', generation: 1 });
    await clock.advance(1);
    expect(phases.at(-1)).toMatchObject({
      to: 'stopping',
      cause: { code: 'scheduled', message: 'scheduled (0 4 * * *)', evidence: ['due at 2026-01-01T04:00:00.000Z'] },
    });
    await end(0);
    await spawned(2);
    expect(manager.process('web').view).toMatchObject({ phase: 'running', generation: 2, restarts: 1 });
    await clock.advance(day - hour);
    await spawned(2);
  });

  it('a job that nobody has asked for is run, and run again the next day, after a failure too', async () => {
    const { manager, clock, spawned, end } = await scheduled({
      backup: { ...job, restart: { schedule: atFour } },
    });
    await manager.start();
    await clock.advance(4 * hour);
    await spawned(1);
    await end(1);
    expect(manager.process('backup').view.phase).toBe('failed');
    await clock.advance(day);
    await spawned(2);
    await end(0);
    expect(manager.process('backup').view.phase).toBe('completed');
    await clock.advance(day);
    await spawned(3);
  });

  it('one that was stopped on request is left alone, and so is a service that has failed', async () => {
    const restartField = { policy: 'never', schedule: atFour } as const;
    const { manager, clock, spawned, end } = await scheduled({
      web: { command: 'serve', restart: restartField },
      failing: { command: 'serve', restart: restartField },
    });
    await manager.start(['web']);
    await spawned(1);
    const stopped = manager.process('web').stop();
    await clock.advance(0);
    await end(0);
    await stopped;
    await manager.start(['failing']);
    await spawned(2);
    await end(1);
    await clock.advance(2 * day);
    await spawned(2);
    expect(manager.processes().map(({ phase }) => phase)).toEqual(['stopped', 'failed']);
  });

  it('a retry after a failure counts for that run alone: each has a whole budget', async () => {
    const { manager, clock, spawned, end } = await scheduled({
      backup: { ...job, restart: { schedule: atFour, maxRestarts: 1, backoff: { initial: 1000, jitter: 'none' } } },
    });
    await manager.start();
    for (const night of [1, 2, 3]) {
      await clock.advance(night === 1 ? 4 * hour : day - 1000);
      await spawned(2 * night - 1);
      await end(1);
      await clock.advance(1000);
      await spawned(2 * night);
      await end(1);
      expect(manager.process('backup').view.cause?.code).toBe('crashLoop');
      await spawned(2 * night);
    }
  });
});

describe('a time that comes while the last run of a job goes on', () => {
  const overlapping = (overlap: 'skip' | 'wait' | 'replace') =>
    scheduled({ backup: { ...job, restart: { schedule: { ...atFour, overlap } } } });

  it('is left out, and that is told', async () => {
    const { manager, clock, spawned, end } = await overlapping('skip');
    const told = collect(manager, 'schedule.overlapped');
    await clock.advance(4 * hour);
    await spawned(1);
    await clock.advance(day);
    const message = 'backup: its scheduled time (0 4 * * *) came while it was running: left out';
    expect(told).toEqual([{ name: 'backup', overlap: 'skip', message }]);
    await end(0);
    await spawned(1);
    await clock.advance(day);
    await spawned(2);
  });

  it('waits for its end, and then counts once, however many have come', async () => {
    const { manager, clock, spawned, end } = await overlapping('wait');
    const told = collect(manager, 'schedule.overlapped');
    await clock.advance(4 * hour);
    await spawned(1);
    await clock.advance(3 * day);
    expect(told.map(({ overlap }) => overlap)).toEqual(['wait', 'wait', 'wait']);
    await spawned(1);
    await end(0);
    await spawned(2);
    await end(0);
    await spawned(2);
  });

  it('takes its place', async () => {
    const { manager, clock, spawned, end } = await overlapping('replace');
    await clock.advance(4 * hour);
    await spawned(1);
    await clock.advance(day);
    expect(manager.process('backup').view).toMatchObject({ phase: 'stopping', cause: { code: 'scheduled' } });
    await end(0);
    await spawned(2);
  });

  it('is forgotten when the job is stopped on request', async () => {
    const { manager, clock, spawned, end } = await overlapping('wait');
    await clock.advance(4 * hour);
    await spawned(1);
    await clock.advance(day);
    const stopped = manager.process('backup').stop();
    await clock.advance(0);
    await end(0);
    await stopped;
    await spawned(1);
  });
});

describe('the schedule', () => {
  it('is told by a command', async () => {
    const { manager } = await scheduled({
      web: { command: 'serve', restart: { schedule: { cron: '0 4 * * *', timezone: 'America/New_York' } } },
      backup: { ...job, restart: { schedule: { cron: '30 4 * * *', timezone: 'UTC' } } },
      plain: { command: 'serve' },
    });
    expect(await list(manager)).toEqual({
      summary: 'Next: backup at 2026-01-01T04:30:00.000Z.',
      schedules: [
        { name: 'web', cron: '0 4 * * *', timezone: 'America/New_York', next: '2026-01-01T09:00:00.000Z' },
        { name: 'backup', cron: '30 4 * * *', timezone: 'UTC', next: '2026-01-01T04:30:00.000Z' },
      ],
    });
  });

  it('is followed when a reload changes it, without a restart', async () => {
    const web = (cron: string): Processes => ({
      web: { command: 'serve', restart: { schedule: { cron, timezone: 'UTC' } } },
    });
    const { manager, clock, spawned, reload } = await scheduled(web('0 4 * * *'));
    await manager.start();
    await clock.advance(hour);
    await spawned(1);
    await reload(web('0 6 * * *'));
    expect((await list(manager)).schedules[0]?.next).toBe('2026-01-01T06:00:00.000Z');
    await clock.advance(4 * hour);
    await spawned(1);
    expect(manager.process('web').view.phase).toBe('running');
    await clock.advance(hour);
    expect(manager.process('web').view.phase).toBe('stopping');
  });

  it('is gone with its key', async () => {
    const { manager, clock, spawned, reload } = await scheduled({
      backup: { ...job, restart: { schedule: atFour } },
    });
    await reload({ backup: job });
    expect(await list(manager)).toEqual({ summary: 'No process has a schedule.', schedules: [] });
    await clock.advance(2 * day);
    await spawned(0);
  });
});

it('a real job runs every second', async () => {
  const plugins = [restart()] as const;
  await using run = await manage({
    plugins,
    processes: {
      tick: {
        command: ['sh', '-c', 'echo tick >> marks'],
        kind: 'job',
        autostart: false,
        restart: { schedule: { cron: '* * * * * *', overlap: 'wait' } },
      } as Processes[string],
    },
  });
  await run.manager.start();
  await expect.poll(() => run.marks('marks')).toBeGreaterThanOrEqual(3);
  const starts = run.eventsOf('process.desired').map(({ cause }) => cause.code);
  expect(new Set(starts)).toEqual(new Set(['scheduled']));
});
