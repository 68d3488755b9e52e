import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { width } from '../packages/cli/src/render/table.ts';
import { fixture, Project } from '../packages/cli/test/project.ts';
import { inTerminal } from '../packages/cli/test/terminal.ts';
import { everyCommand, everyFile, silent } from './support/every-command.ts';

const columns = 80;
/** What begins a colour, or moves the cursor. */
const control = '\u001b';
const ctrlC = '\u0003';
/** The other screen, no cursor: what begins it, and what ends it. */
const modes = [
  ['\u001b[?1049h', '\u001b[?1049l'],
  ['\u001b[?25l', '\u001b[?25h'],
] as const;
const tableHead = /^[A-Z]+(?: {2,}[A-Z]+)+\s*$/;

let project: Project;
beforeAll(async () => {
  project = await Project.create({
    web: { command: fixture('server'), port: 'auto' },
    console: { command: fixture('console'), tty: true },
    deaf: { command: fixture('ignore-term'), stop: { grace: '300ms' } },
    spare: { command: fixture('server'), port: 'auto', autostart: false },
  });
  await project.write(everyFile);
  await project.run('up', '--detach');
});
afterAll(() => project[Symbol.asyncDispose]());

const byName = everyCommand.map((run) => ({ ...run, line: run.args.join(' ') }));

describe('a command that ends', () => {
  test.each(byName.filter(({ stays }) => !stays))(
    '$line: in a terminal, a pipe and for a program',
    async ({ args, code = 0, forPeople }) => {
      const bringBack = async (): Promise<void> => {
        if (args[0] === 'down') await project.run('up', '--detach');
      };
      const pipe = await project.run(...args);
      await bringBack();
      const terminal = await inTerminal(project, args, { columns }).finished;
      await bringBack();

      expect(pipe.code, pipe.stdout + pipe.stderr).toBe(code);
      expect(pipe.stdout + pipe.stderr).not.toContain(control);
      expect(terminal.code, terminal.stdout).toBe(pipe.code);
      const lines = stripVTControlCharacters(terminal.stdout).split(/\r?\n/);
      // Sentences and values may wrap.
      if (lines.some((line) => tableHead.test(line))) expect(lines.filter((line) => width(line) > columns)).toEqual([]);
      if (terminal.stdout.includes(control)) {
        const plain = await inTerminal(project, args, { columns, env: { NO_COLOR: '1' } }).finished;
        await bringBack();
        expect(plain).toMatchObject({ code: pipe.code, stdout: expect.not.stringContaining(control) });
      }
      if (forPeople) return;
      const program = await project.run(...args, '--json');
      await bringBack();
      expect(program.code, program.stdout).toBe(pipe.code);
      expect(program.stderr).toBe('');
      const answers = program.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as object);
      if ('seq' in (answers[0] ?? {})) return;
      expect(answers).toEqual([expect.objectContaining({ version: 1 })]);
    },
  );
});

describe('a command that goes on', () => {
  const staying = byName.filter(({ stays, forPeople }) => stays && stays !== silent && !forPeople);
  test.each(staying)('$line: ends by Ctrl-C, and leaves the terminal as it was', async ({ args, stays = silent }) => {
    const run = inTerminal(project, args, { columns });
    await run.says(stays);
    run.child.stdin?.write(ctrlC);
    const { code, stdout } = await run.finished;
    expect([0, 130], stdout).toContain(code);
    for (const [entered, left] of modes) {
      expect(stdout.lastIndexOf(left)).toBeGreaterThanOrEqual(stdout.lastIndexOf(entered));
    }
    expect((await project.status()).processes.filter(({ phase }) => phase === 'running')).toHaveLength(3);
  });

  test.each(staying)('$line: in a pipe has no colours, and ends by a signal', async ({ args, stays = silent }) => {
    const run = project.spawn(args);
    await Promise.race([run.says(stays), run.says(stays, 'stderr')]);
    expect(run.stdout + run.stderr).not.toContain(control);
    run.child.kill('SIGTERM');
    const { code, signal } = await run.finished;
    expect([
      [0, null],
      [null, 'SIGTERM'],
    ]).toContainEqual([code, signal]);
  });
});
