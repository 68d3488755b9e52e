import { expect, test } from 'vitest';
import { createProgram } from '../../packages/cli/src/program.ts';
import { random } from '../../test-support/random.ts';
import { rounds } from '../../test-support/rounds.ts';
import { promptbin, type Run } from '../support/cli.ts';
import { everyCommand } from '../support/every-command.ts';
import { endProcessesOf } from '../support/processes.ts';
import { until } from '../support/until.ts';
import { makeProject, pidsIn, pidsOf, recordedIn, settledStatus, strayFiles } from './project.ts';

/** Longer than most commands take: some are killed while they begin, some in the middle, and some have ended. */
const longestMs = 1200;
/** How many are under way at once. */
const together = 6;

test('no command is forgotten here', () => {
  const program = createProgram(async () => {});
  const known = new Set(everyCommand.map(({ args: [command] }) => command));
  expect(program.commands.map((command) => command.name()).filter((name) => !known.has(name))).toEqual([]);
});

test('a client that is killed in the middle of any command leaves no trace', async () => {
  const folder = await makeProject();
  await bringUp(folder);
  const next = random(20_261_126);
  const commands = everyCommand.filter(({ args: [command] }) => command !== 'down');
  for (let round = 0; round < rounds(1); round += 1) {
    for (const batch of batchesOf(commands)) {
      await Promise.all(batch.map(({ args }) => killAfter(promptbin(folder, args), next() * longestMs)));
      const status = await settledStatus(folder);
      await until(
        () => pidsIn(folder),
        (pids) => `${pids}` === `${pidsOf(status)}`,
        `only ${pidsOf(status)} run`,
      );
      expect(status.processes.filter(({ name }) => name !== 'spare').map(({ phase }) => phase)).toEqual(
        Array(3).fill('running'),
      );
    }
  }
  await expectWhole(folder);
  expect((await promptbin(folder, ['down']).finished).code).toBe(0);
  expect(pidsIn(folder)).toEqual([]);
}, 600_000);

test('a manager that is killed in the middle of any command: all say so and end, and the next goes on', async () => {
  const folder = await makeProject();
  const next = random(7);
  for (let round = 0; round < rounds(1); round += 1) {
    for (const batch of batchesOf(everyCommand)) {
      await bringUp(folder);
      const { manager } = await settledStatus(folder);
      const runs = batch.map(({ args, alone }) => ({ args, alone, run: promptbin(folder, args) }));
      await new Promise((resolve) => setTimeout(resolve, next() * longestMs));
      // `down` may have been faster.
      if (pidsIn(folder).includes(manager.pid)) process.kill(manager.pid, 'SIGKILL');
      for (const { args, alone, run } of runs) {
        const { code, stderr } = await (alone ? endRun(run) : run.finished);
        const context = `promptbin ${args.join(' ')}: exit ${code}\n${stderr}`;
        if (!alone) expect([0, 1, 2, 3], context).toContain(code);
        expect(stderr, context).not.toMatch(/^ {4}at /m);
      }
      // Children of a manager that was killed, and a manager of those that need one.
      await endProcessesOf(folder);
      const { code, stderr } = await promptbin(folder, ['ps']).finished;
      expect({ code, stderr }).toMatchObject({ code: 3, stderr: expect.stringContaining('No manager is running') });
    }
  }
  await bringUp(folder);
  await expectWhole(folder);
  expect((await promptbin(folder, ['down']).finished).code).toBe(0);
}, 600_000);

async function bringUp(folder: string): Promise<void> {
  const { code, stdout, stderr } = await promptbin(folder, ['up', '--detach']).finished;
  expect(code, stdout + stderr).toBe(0);
}

/** What has been written is whole: every event is on record, once, and nothing half-done lies about. */
async function expectWhole(folder: string): Promise<void> {
  const recorded = await recordedIn(folder);
  expect(recorded).toEqual(recorded.map((_, index) => index + 1));
  expect(await strayFiles(folder)).toEqual([]);
}

async function killAfter(run: Run, ms: number): Promise<void> {
  const timer = setTimeout(() => run.child.kill('SIGKILL'), ms);
  await run.finished;
  clearTimeout(timer);
}

/** Ends one that does not end by itself, as a person would. */
async function endRun(run: Run): Promise<Awaited<Run['finished']>> {
  run.child.kill('SIGTERM');
  return run.finished;
}

function batchesOf<T>(items: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / together) }, (_, index) =>
    items.slice(index * together, (index + 1) * together),
  );
}
