import { spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readlinkSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bin, Project, Run } from '../project.ts';

test('no child inherits what the shell of its manager has left open', async () => {
  await using project = await Project.create({ web: { command: 'sleep 600' } });
  const open = openSync('/dev/zero', 'r');
  const left = 40;
  const run = project.adopt(
    new Run(
      spawn(process.execPath, [bin, 'up', '--json'], {
        cwd: project.root,
        stdio: ['ignore', 'pipe', 'pipe', ...Array<'ignore'>(left - 3).fill('ignore'), open],
      }),
    ),
  );
  closeSync(open);
  await run.says(/"running"/);
  const { processes } = await project.status();
  const [pid] = processes.map((view) => view.pid);
  expect(readdirSync(`/proc/${pid}/fd`).sort()).toEqual(['0', '1', '2']);
  const ofManager = readdirSync(`/proc/${run.pid}/fd`).filter(
    (fd) => readlinkSync(`/proc/${run.pid}/fd/${fd}`) === '/dev/zero',
  );
  expect(ofManager).toEqual([]);
});
