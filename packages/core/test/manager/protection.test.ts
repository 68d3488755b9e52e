import type { Config } from '@promptbin/core';
import { describe, expect, test } from 'vitest';
import { testManager } from '../support/project.ts';

const model = { caller: 'mcp:agent/1.0', confirmed: false };
const agreed = { caller: 'mcp:agent/1.0', confirmed: true };
const sleeping = { command: 'sleep 60' };

async function startedManager() {
  const { manager, root } = await testManager({
    processes: {
      db: { ...sleeping, protected: true },
      api: { ...sleeping, dependsOn: ['db'] },
      cache: sleeping,
      web: { ...sleeping, protected: true, dependsOn: ['cache'] },
      worker: { ...sleeping, protected: true, dependsOn: ['api'], onDependencyRestart: 'restart' },
    },
  });
  await manager.start();
  for (const { name } of manager.processes()) await manager.process(name).until('ready');
  return { manager, root };
}

test.for([
  ['process.stop', 'db', '"db", "worker"'],
  ['process.restart', 'db', '"db", "worker"'],
  ['process.stop', 'cache', '"web"'],
  ['process.stop', 'api', '"worker"'],
  ['process.restart', 'api', '"worker"'],
] as const)('%s of %s by a model needs the consent of a person, for it ends %s', async ([command, name, ended]) => {
  const { manager } = await startedManager();
  const before = manager.processes().map(({ pid }) => pid);
  const verb = command.slice('process.'.length);
  expect(await manager.call(command, { name }, model)).toEqual({
    ok: false,
    error: {
      code: 'PB_CONFIRM_NEEDED',
      message: `mcp:agent/1.0 wants to ${verb} ${name}, which ends ${ended}: protected by the config.`,
      hint: `Ask the user, who can agree or run "promptbin ${verb} ${name}".`,
    },
  });
  expect(manager.processes().map(({ pid }) => pid)).toEqual(before);
  expect(await manager.call(command, { name }, agreed)).toMatchObject({ ok: true });
});

test('what ends no protected process needs no consent, nor does a caller who says nothing of it', async () => {
  const { manager } = await startedManager();
  // It goes on when `cache` is restarted.
  expect(await manager.call('process.restart', { name: 'cache' }, model)).toMatchObject({ ok: true });
  expect(await manager.call('process.stop', { name: 'db' }, { caller: 'cli' })).toMatchObject({ ok: true });
  // It is down already.
  expect(await manager.call('process.stop', { name: 'db' }, model)).toMatchObject({ ok: true });
  expect(await manager.call('process.start', { name: 'db' }, model)).toMatchObject({ ok: true });
});

describe('a reload by a model', () => {
  const settings = { db: { ...sleeping, protected: true }, cache: sleeping };
  const reloadable = async (next: Config['processes']) => {
    const { manager } = await testManager(
      { processes: settings },
      { load: async () => ({ config: { processes: next } }) },
    );
    await manager.start();
    await manager.process('db').until('ready');
    return manager;
  };

  test('needs consent to end what is protected', async () => {
    const manager = await reloadable({ ...settings, db: { command: 'sleep 61', protected: true } });
    expect(await manager.call('config.reload', {}, model)).toMatchObject({
      error: {
        code: 'PB_CONFIRM_NEEDED',
        message: 'mcp:agent/1.0 wants to reload, which ends "db": protected by the config.',
        hint: 'Ask the user, who can agree or run "promptbin reload".',
      },
    });
    expect(await manager.call('config.reload', {}, agreed)).toMatchObject({ ok: true });
  });

  test('needs it to take the protection off, else the next call could do as it likes', async () => {
    const manager = await reloadable({ ...settings, db: sleeping });
    expect(await manager.call('config.reload', {}, model)).toMatchObject({
      error: {
        message: 'mcp:agent/1.0 wants to reload, which takes the protection off "db": protected by the config.',
      },
    });
    expect(await manager.call('process.stop', { name: 'db' }, model)).toMatchObject({ ok: false });
  });

  test('needs none for the rest', async () => {
    const manager = await reloadable({ ...settings, cache: { command: 'sleep 61' } });
    expect(await manager.call('config.reload', {}, model)).toMatchObject({ ok: true, value: { applied: true } });
  });
});
