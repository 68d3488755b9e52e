import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { isAlive } from '../../src/control/alive.ts';
import { fixture, Project } from '../project.ts';

let project: Project;
afterEach(() => project[Symbol.asyncDispose]());

const web = { command: fixture('server'), port: 'auto' } as const;

describe('up --detach', () => {
  test('returns when all is up, and down ends the manager', async () => {
    project = await Project.create({ web });
    const up = await project.run('up', '--detach');
    expect([up.code, up.stderr]).toEqual([0, '']);
    expect(up.stdout).toMatch(/^web +running +yes/m);
    expect(up.stdout).toMatch(/➜ web {2}http/);
    const { manager, processes } = await project.status();
    expect(isAlive(manager.pid)).toBe(true);

    const down = await project.run('down', '--json');
    expect(down.code).toBe(0);
    expect(JSON.parse(down.stdout)).toMatchObject({
      version: 1,
      ok: true,
      receipts: [{ name: 'web', signalled: [processes[0]?.pid], escaped: [] }],
    });
    expect([manager.pid, processes[0]?.pid ?? 0].filter(isAlive)).toEqual([]);
    expect(await readFile(join(project.root, '.promptbin', 'logs', 'promptbin.out'), 'utf8')).toBe('');
  });

  test('is exit code 1 when something is not up', async () => {
    project = await Project.create({ web, bad: { command: fixture('exit-3'), ready: { log: 'never' } } });
    const { code, stdout } = await project.run('up', '--detach', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      ok: false,
      processes: [
        { name: 'web', ready: true },
        { name: 'bad', phase: 'failed' },
      ],
    });
  });

  test('twice at once is one manager, and with names it starts them in the one that runs', async () => {
    project = await Project.create({ web, other: { ...web, autostart: false } });
    const both = await Promise.all([project.run('up', '-d'), project.run('up', '-d')]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    const { manager, processes } = await project.status();
    expect(processes).toMatchObject([{ generation: 1, ready: true }, { phase: 'stopped' }]);
    expect((await project.run('up', '-d', 'other')).code).toBe(0);
    expect(await project.status()).toMatchObject({ manager: { pid: manager.pid }, processes: [{}, { ready: true }] });
  });
});

describe('without a manager', () => {
  test.each([['ps'], ['down'], ['start', 'web'], ['stop', 'web'], ['why', 'web'], ['logs', '-f']])(
    '%s says so in one sentence, with exit code 3',
    async (...args) => {
      project = await Project.create({ web });
      const { code, stdout, stderr } = await project.run(...args);
      expect([code, stdout]).toEqual([3, '']);
      expect(stderr).toMatch(/^error: No manager is running for .*\n.*promptbin up\n$/);
      const told = await project.run(...args, '--json');
      expect(JSON.parse(told.stdout)).toMatchObject({ version: 1, ok: false, error: { code: 'PB_MANAGER_GONE' } });
    },
  );

  test('logs come from the files', async () => {
    project = await Project.create({
      chatter: { command: fixture('chatter'), env: { COUNT: 5 }, ready: { log: 'line 5' } },
    });
    await project.run('up', '-d');
    await project.run('down');
    expect((await project.run('logs', 'chatter', '-n', '2')).stdout).toBe('line 4\nline 5\n');
    expect((await project.run('logs', '-n', '1')).stdout).toBe('chatter │ line 5\n');
    expect(JSON.parse((await project.run('logs', '-n', '1', '--json')).stdout)).toEqual({
      name: 'chatter',
      text: 'line 5',
    });
  });
});
