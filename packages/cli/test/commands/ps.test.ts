import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixture, Project } from '../project.ts';
import { inTerminal } from '../terminal.ts';

let project: Project;
beforeAll(async () => {
  project = await Project.create({});
  await project.configure(
    JSON.stringify({
      plugins: ['@promptbin/plugin-health'],
      processes: {
        web: { command: fixture('server'), port: 'auto' },
        bad: {
          command: ['sh', '-c', 'for n in 1 2 3; do echo "ERROR: no answer from $n" >&2; done; exit 3'],
          autostart: false,
          ready: { log: 'never' },
        },
      },
    }),
  );
  await project.run('up', '--detach');
});
afterAll(() => project[Symbol.asyncDispose]());

describe('ps', () => {
  test('shows CPU and memory once they are sampled', async () => {
    const watching = project.spawn(['ps', '--watch', '--json']);
    await watching.says(/"resources":\{"cpuPercent":/);
    watching.child.kill('SIGINT');
    expect((await watching.finished).code).toBe(0);
    expect((await project.run('ps')).stdout).toMatch(/CPU +MEM +WHY\n(?:.*\n)*web .* \d+% +\d+ MB/);
    expect((await project.status()).processes[0]).toMatchObject({
      name: 'web',
      resources: { memoryBytes: expect.any(Number) },
    });
  });

  test('shows which errors a process has written: one kind once', async () => {
    expect((await project.run('ps', '--errors')).stdout).toBe('No process has written an error.\n');
    await project.run('start', 'bad');
    const { code, stdout } = await project.run('ps', '--errors');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^NAME +COUNT +FIRST +LAST +ERROR\nbad +3× +\S+ +\S+ +ERROR: no answer from \d\n$/);
    const { processes } = JSON.parse((await project.run('ps', '--errors', '--json')).stdout);
    expect(processes).toMatchObject([
      { name: 'web', errors: [] },
      { name: 'bad', errors: [{ count: 3, firstAt: expect.any(String), lastAt: expect.any(String) }] },
    ]);
    expect((await project.run('ps', '--errors', '--watch')).code).toBe(2);
  });
});

describe('ps --watch', () => {
  test('draws the table anew on a terminal, and leaves it as it was, with the last table', async () => {
    const watching = inTerminal(project, ['ps', '--watch'], { columns: 80, rows: 20 });
    await watching.says(/web +running/);
    await project.run('stop', 'web');
    await watching.says(/web +stopped/);
    await project.run('start', 'web');
    await watching.says(/web +stopped.*web +running/s);
    // Ctrl-C is typed.
    watching.child.stdin?.write('\u0003');
    const { code, stdout } = await watching.finished;
    expect(code).toBe(0);
    expect(stdout.startsWith('\u001b[?1049h\u001b[?25l')).toBe(true);
    const after = stdout.slice(stdout.indexOf('\u001b[?25h\u001b[?1049l'));
    expect(after).toMatch(/web.*running/);
  });

  test('prints a table for each change in a pipe, until nobody reads', async () => {
    const watching = project.spawn(['ps', '--watch']);
    await watching.says(/web +running/);
    await project.run('restart', 'web');
    await watching.says(/web +running(?:.|\n)*\n\nNAME(?:.|\n)*web +running/);
    expect(watching.stdout).not.toContain('\u001b');
    watching.child.stdout?.destroy();
    await project.run('restart', 'web');
    expect((await watching.finished).code).toBe(0);
  });

  test('ends with its manager', async () => {
    await using other = await Project.create({ idle: { command: 'sleep 600' } });
    await other.run('up', '--detach');
    const watching = inTerminal(other, ['ps', '--watch']);
    await watching.says(/idle +running/);
    await other.run('down');
    const { code, stdout } = await watching.finished;
    expect([code, stdout]).toEqual([0, expect.stringContaining('The manager has ended.')]);
  });
});
