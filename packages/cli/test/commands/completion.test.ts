import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bin, Project } from '../project.ts';

const run = promisify(execFile);
let project: Project;
beforeAll(async () => {
  project = await Project.create({ web: { command: 'sleep 600' }, worker: { command: 'sleep 600' } });
  await project.run('up', '--detach');
});
afterAll(() => project[Symbol.asyncDispose]());

/** What bash offers after these words, of which the last one is under the cursor. */
async function offered(...words: string[]): Promise<readonly string[]> {
  const script = `promptbin() { ${JSON.stringify(process.execPath)} ${JSON.stringify(bin)} "$@"; }
    source <(promptbin completion bash)
    COMP_WORDS=(promptbin "$@") COMP_CWORD=$#
    _promptbin
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = await run('bash', ['-c', script, 'bash', ...words], { cwd: project.root });
  expect(stderr).toBe('');
  return stdout.trim().split('\n').filter(Boolean);
}

describe('bash', () => {
  test.each([
    ['commands', ['ev'], ['events']],
    ['commands below one', ['config', 'e'], ['explain']],
    ['flags of a command', ['logs', '--le'], ['--level']],
    ['values of a flag', ['logs', '--level', 'f'], ['fatal']],
    ['values of a command', ['completion', ''], ['bash', 'zsh', 'fish']],
    ['names of processes', ['restart', ''], ['web', 'worker']],
    ['the name of one, after others', ['logs', 'web', '-f', 'wo'], ['worker']],
    ['nothing where it cannot know', ['logs', '--grep', ''], []],
  ])('completes %s', async (_what, words, expected) => {
    expect((await offered(...words)).filter((word) => word === '' || !/^-(?:h$|-help$)/.test(word))).toEqual(expected);
  });

  test('shows nothing that is hidden, and no command twice', async () => {
    const all = await offered('');
    expect(all).toContain('up');
    expect(all).not.toContain('process-names');
    expect(new Set(all).size).toBe(all.length);
  });
});

test.each(['bash', 'zsh', 'fish'])('the script for %s knows every command of --help', async (shell) => {
  const { stdout: help } = await project.run('--help');
  const commands = [...help.matchAll(/^ {2}(\w[\w-]*)(?:\|\w+)? .* {2}/gm)].map(([, name = '']) => name);
  expect(commands).toEqual(expect.arrayContaining(['up', 'logs', 'config']));
  const { code, stdout } = await project.run('completion', shell);
  expect(code).toBe(0);
  for (const name of commands.filter((one) => one !== 'help' && one !== 'promptbin'))
    expect(stdout).toContain(`'${name}'`);
});

test('without a manager no names are offered, quickly and quietly', async () => {
  await using other = await Project.create({ web: { command: 'sleep 600' } });
  expect(await other.run('process-names')).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
  // Without a manager, whoever has written a log.
  await other.write({
    '.promptbin/logs/web.log': '',
    '.promptbin/logs/promptbin.log': '',
    '.promptbin/logs/web.log.1': '',
  });
  expect((await other.run('process-names')).stdout).toBe('web\n');
});

test('a shell that there is not is refused, with exit code 2', async () => {
  const { code, stderr } = await project.run('completion', 'cmd');
  expect([code, stderr]).toEqual([2, expect.stringContaining('Allowed choices are bash, zsh, fish')]);
});
