import { afterEach, describe, expect, test } from 'vitest';
import { isAlive } from '../../src/control/alive.ts';
import { connect } from '../../src/index.ts';
import { fixture, Project } from '../project.ts';

let project: Project;
afterEach(() => project[Symbol.asyncDispose]());

const web = { command: fixture('server'), port: 'auto' } as const;

describe('the record of events', () => {
  test('goes on when a manager was killed, and the next one says so', async () => {
    project = await Project.create({ web });
    const first = project.spawn(['up']);
    await first.says(/➜ web/);
    const [orphan] = (await project.status()).processes;
    first.child.kill('SIGKILL');
    await first.finished;
    const second = project.spawn(['up']);
    await second.says(new RegExp(`the one before \\(pid ${first.pid}\\) ended without closing, last heard of at 2`));
    await second.says(/➜ web/);
    const manager = await connect(project.root);
    const seen: number[] = [];
    const starts: number[] = [];
    for await (const { seq, type, data } of manager.subscribe({ after: 0 })) {
      seen.push(seq);
      if (type === 'manager.started') starts.push(data.pid);
      if (type === 'process.spawned' && starts.length === 2) break;
    }
    manager.close();
    expect(starts).toEqual([first.pid, second.pid]);
    expect(seen).toEqual(seen.map((_, index) => index + 1));
    expect(isAlive(orphan?.pid ?? 0)).toBe(false);
  });

  test('is not told again by the next manager, and its end is not taken for the end of that', async () => {
    project = await Project.create({ web });
    for (let turn = 0; turn < 2; turn += 1) {
      expect(await project.run('up', '--detach')).toMatchObject({ code: 0, stderr: '' });
      expect((await project.run('down')).code).toBe(0);
    }
    const up = project.spawn(['up', '--json']);
    await up.says(/"process\.spawned"/);
    up.child.kill('SIGINT');
    const { stdout } = await up.finished;
    const [first, ...rest] = stdout.split('\n').slice(0, -1);
    const { seq, type } = JSON.parse(first as string) as { seq: number; type: string };
    expect(type).toBe('config.loaded');
    expect(seq).toBeGreaterThan(20);
    expect(rest.filter((line) => line.includes('"manager.started"'))).toEqual([
      expect.stringContaining('"endedCleanly":true'),
    ]);
  });
});
