import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createManager,
  defineConfig,
  type EventMap,
  type ExplainResult,
  type Manager,
  type ReloadReport,
} from '@promptbin/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type RestartOptions, restart } from '../../src/index.ts';

const web = { command: ['sleep', '600'] } as const;
const config = (options: RestartOptions = {}) =>
  defineConfig({
    plugins: [restart({ policy: 'unless-stopped', ...options })],
    processes: { web, other: { ...web, restart: 'always' } },
  });

async function folder(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'promptbin-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  return root;
}

const fileOf = (root: string): string => join(root, '.promptbin', 'stopped.json');

async function boot(root: string, given: ReturnType<typeof config> = config()): Promise<Manager> {
  const manager = await createManager(given, { root, log: false });
  onTestFinished(async () => void (await manager.close('the test has ended', { force: true })));
  await manager.start();
  return manager;
}

/** Which of the processes are wanted, once all that were asked for are up. */
async function wanted(manager: Manager): Promise<string[]> {
  const up = manager.processes().filter(({ desired }) => desired === 'up');
  await Promise.all(up.map(({ name }) => manager.process(name).until('ready')));
  return up.map(({ name }) => name);
}

const changesOf = ({ processes }: ReloadReport) => processes.map(({ name, action }) => `${name} ${action}`);

describe('unless-stopped', () => {
  it('one that was stopped on request stays so in a new manager, until it is started', async () => {
    const root = await folder();
    const first = await boot(root);
    expect(await wanted(first)).toEqual(['web', 'other']);
    await first.process('web').stop();
    await first.process('other').stop();
    await first.close();

    // The policy of `other` is always.
    const second = await boot(root);
    expect(await wanted(second)).toEqual(['other']);
    await second.process('web').start();
    await second.close();

    expect(await wanted(await boot(root))).toEqual(['web', 'other']);
  });

  it('says so, for whoever wonders why it is not there', async () => {
    const root = await folder();
    const first = await boot(root);
    await first.process('web').stop();
    await first.close();
    const second = await boot(root);
    const answer = await second.call('process.explain', { name: 'web' }, { caller: 'test' });
    const { chain } = (answer as { value: ExplainResult }).value;
    expect(chain.map(({ text }) => text)).toEqual(['web stays stopped, as it was on request before (unless-stopped)']);
  });

  it('is no matter of one that was stopped because another one was restarted', async () => {
    const root = await folder();
    const given = defineConfig({
      plugins: [restart({ policy: 'unless-stopped', backoff: { initial: 20 } })],
      processes: {
        db: web,
        api: { ...web, dependsOn: ['db'], onDependencyRestart: 'stop' },
        front: { ...web, dependsOn: ['api'] },
      },
    });
    const first = await boot(root, given);
    expect(await wanted(first)).toEqual(['db', 'api', 'front']);
    await first.process('db').restart();
    await first.process('front').until('stopped');
    await first.process('api').until('stopped');
    await first.close();
    expect(await wanted(await boot(root, given))).toEqual(['db', 'api', 'front']);
  });

  it('stays stopped in one after the other', async () => {
    const root = await folder();
    const first = await boot(root);
    await first.process('web').stop();
    await first.close();
    for (const _ of [1, 2]) {
      const later = await boot(root);
      expect(await wanted(later)).toEqual(['other']);
      await later.close();
    }
  });

  it('the end of the manager is no stop, and leaves no file', async () => {
    const root = await folder();
    const first = await boot(root);
    await wanted(first);
    await first.close();
    await expect(stat(fileOf(root))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await wanted(await boot(root))).toEqual(['web', 'other']);
  });

  it('nor is its removal from the config', async () => {
    const root = await folder();
    const manager = await boot(root);
    const { web: _, ...rest } = config().processes;
    await manager.reload({ ...config(), processes: rest });
    await manager.close();
    expect(await wanted(await boot(root))).toEqual(['web', 'other']);
  });
});

describe('a reload', () => {
  it('finds no difference in who was left down, or stopped and started since', async () => {
    const root = await folder();
    const first = await boot(root);
    await first.process('web').stop();
    expect(changesOf(await first.reload(config()))).toEqual(['web keep', 'other keep']);
    await first.close();
    const second = await boot(root);
    expect(changesOf(await second.reload(config()))).toEqual(['web keep', 'other keep']);
    await second.process('web').start();
    expect(changesOf(await second.reload(config()))).toEqual(['web keep', 'other keep']);
  });

  it('that replaces the plugin does not either, and what is stopped is still known', async () => {
    const root = await folder();
    const first = await boot(root);
    await first.process('web').stop();
    await first.close();
    const second = await boot(root);
    await second.process('web').start();
    expect(changesOf(await second.reload(config({ maxRestarts: 7 })))).toEqual(['web keep', 'other keep']);
    expect(await wanted(second)).toEqual(['web', 'other']);
    await second.process('web').stop();
    await second.close();
    expect(await wanted(await boot(root, config({ maxRestarts: 7 })))).toEqual(['other']);
  });
});

describe('the file', () => {
  it.each([
    ['garbage', '{"stopped": ["we'],
    ['of another shape', '{"stopped": "web"}'],
  ])('that is %s is told, and survived', async (_, text) => {
    const root = await folder();
    await (await boot(root)).close();
    await writeFile(fileOf(root), text);
    const manager = await createManager(config(), { root, log: false });
    onTestFinished(async () => void (await manager.close()));
    const told: EventMap['restart.memoryFault'][] = [];
    for await (const event of manager.subscribe({ after: 0 })) {
      if (event.type === 'restart.memoryFault') told.push(event.data);
      if (event.type === 'manager.started') break;
    }
    const message = `${fileOf(root)} cannot be read, and who was stopped is forgotten: its content is damaged`;
    expect(told).toEqual([{ message }]);
    await manager.start();
    expect(await wanted(manager)).toEqual(['web', 'other']);
    await manager.process('web').stop();
    await manager.close();
    expect(JSON.parse(await readFile(fileOf(root), 'utf8'))).toMatchObject({ stopped: ['web'] });
  });
});
