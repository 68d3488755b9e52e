import { stripVTControlCharacters } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { isAlive } from '../../src/control/alive.ts';
import { fixture, Project } from '../project.ts';
import { inTerminal } from '../terminal.ts';

let project: Project;
afterEach(() => project[Symbol.asyncDispose]());

const web = { command: fixture('server'), port: 'auto' } as const;
const job = { command: 'true', kind: 'job' } as const;

/** A moment that lies between what was before and what comes: no command begins within the same millisecond. */
const moment = (): string => new Date().toISOString();

describe('what was', () => {
  test('is shown as it was, under a manager that is gone as under the one that runs', async () => {
    project = await Project.create({ web, job });
    expect((await project.run('up', '--detach')).code).toBe(0);
    const first = (await project.status()).processes.find(({ name }) => name === 'web');
    const running = moment();
    await project.run('stop', 'web');
    const stopped = moment();
    await project.run('down');
    const ended = moment();
    expect((await project.run('up', '--detach')).code).toBe(0);

    const at = async (time: string) => JSON.parse((await project.run('ps', '--at', time, '--json')).stdout);
    const then = await at(running);
    expect(then).toMatchObject({ version: 1, at: running, manager: { state: 'running' } });
    expect(then.processes).toMatchObject([
      { name: 'web', phase: 'running', ready: true, pid: first?.pid, url: first?.url },
      { name: 'job', kind: 'job', phase: 'completed', ready: true },
    ]);
    expect((await at(stopped)).processes[0]).toMatchObject({ name: 'web', phase: 'stopped' });
    expect(await at(ended)).toMatchObject({ manager: { state: 'closed' } });
    expect(await at(new Date().toISOString())).toMatchObject({
      manager: { state: 'running' },
      processes: [{ name: 'web', ready: true }, { name: 'job' }],
    });

    const shown = await inTerminal(project, ['ps', '--at', running], { columns: 80 }).finished;
    expect(stripVTControlCharacters(shown.stdout)).toMatch(/under the manager with pid \d+:\r\n.*\r\nweb +running/);
    const { differences } = JSON.parse((await project.run('diff', running, stopped, '--json')).stdout);
    expect(differences).toContainEqual({ name: 'web', field: 'phase', from: 'running', to: 'stopped' });
    expect(differences).toContainEqual({ name: 'web', field: 'pid', from: String(first?.pid) });
    expect((await project.run('diff', running, running)).stdout).toMatch(/\nNothing is different\.\n$/);
  });

  test('before the record, or at what is no time, is an error that says so', async () => {
    project = await Project.create({ web });
    const empty = await project.run('ps', '--at', '1h');
    expect(empty).toMatchObject({ code: 2, stderr: expect.stringContaining('is empty') });
    await project.run('up', '--detach');
    const before = await project.run('diff', '1h');
    expect(before).toMatchObject({ code: 2, stderr: expect.stringMatching(/The journal of .* begins at 2/) });
    expect((await project.run('ps', '--at', 'noon')).code).toBe(2);
  });
});

describe('without a manager', () => {
  test('events and why answer by the journal, and say who is missing', async () => {
    project = await Project.create({ web, job });
    for (const command of [['events'], ['why', 'web']]) {
      expect(await project.run(...command)).toMatchObject({ code: 3, stdout: '' });
    }
    const up = project.spawn(['up']);
    await up.says(/➜ web/);
    const [orphan] = (await project.status()).processes;
    up.child.kill('SIGKILL');
    await up.finished;
    const why = await project.run('why', 'web');
    expect(why.stderr).toMatch(/^No manager is running; the last one was killed after /);
    expect([why.code, why.stdout]).toEqual([0, expect.stringMatching(/^web is ready at http/)]);
    const past = JSON.parse((await project.run('ps', '--at', '0s', '--json')).stdout);
    expect(past).toMatchObject({ manager: { state: 'killed' }, processes: [{ name: 'web', pid: orphan?.pid }, {}] });
    const events = await project.run('events', 'web', '-n', '1', '--json');
    expect(JSON.parse(events.stdout)).toMatchObject({ data: { name: 'web' } });
    expect(events.stderr).toBe('No manager is running: this is what the journal tells.\n');
    const all = await project.run('events', '--after', '0', '--json');
    const seqs = all.stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { seq: number }).seq);
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    expect((await project.run('events', '-f')).code).toBe(3);
    const unknown = await project.run('why', 'wbe');
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('Did you mean "web"?') });
    // Its guardian has seen to that.
    await expect.poll(() => isAlive(orphan?.pid ?? 0)).toBe(false);
  });
});
