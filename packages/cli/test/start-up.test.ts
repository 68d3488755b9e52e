import { afterEach, expect, test } from 'vitest';
import { Project } from './project.ts';

let project: Project;
afterEach(() => project[Symbol.asyncDispose]());

/** Writes the address of every module that is loaded to stderr. */
const trace = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  registerHooks({ load(url, context, next) { process._rawDebug(url); return next(url, context); } });
`)}`;

async function modulesOf(...args: string[]): Promise<readonly string[]> {
  const { stderr } = await project.spawn(args, { NODE_OPTIONS: `--import=${trace}` }).finished;
  return stderr.split('\n').filter((line) => line.startsWith('file:'));
}

const heavy = /\/core\/|\/zod\/|\/execa\/|\/modelcontextprotocol\//;

test('--version and --help load neither core nor what it needs', async () => {
  project = await Project.create({});
  const version = await modulesOf('--version');
  expect(version.length).toBeLessThan(5);
  const help = await modulesOf('--help');
  expect(help.some((url) => url.includes('/commander/'))).toBe(true);
  expect(help.filter((url) => heavy.test(url) || url.includes('/commands/'))).toEqual([]);
  // The trace sees them where they are loaded.
  expect((await modulesOf('ps')).some((url) => heavy.test(url))).toBe(true);
});

test('--version is the version of the package, --help has examples', async () => {
  project = await Project.create({});
  const version = await project.run('--version');
  expect([version.code, version.stdout]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)]);
  const help = await project.run('--help');
  expect([help.code, help.stdout]).toEqual([
    0,
    expect.stringMatching(/Examples:\n(?: {2}promptbin .*\n)* {2}promptbin up /),
  ]);
  expect(help.stdout).not.toMatch(/--background|--ephemeral/);
});

test('--help of each command has examples that begin with the command', async () => {
  project = await Project.create({});
  const commands = async (...path: string[]): Promise<readonly string[][]> => {
    const { stdout } = await project.run(...path, '--help');
    const [, list = ''] = /\nCommands:\n((?: {2}.*\n)+)/.exec(stdout) ?? [];
    const names = [...list.matchAll(/^ {2}(\w[\w-]*)/gm)]
      .map(([, name = '']) => name)
      .filter((name) => name !== 'help');
    const below = await Promise.all(names.map((name) => commands(...path, name)));
    if (path.length > 0)
      expect(stdout).toMatch(new RegExp(`Examples:\n(?:.*\n)* {2}(?:.*)promptbin ${path.join(' ')}`));
    return [...names.map((name) => [...path, name]), ...below.flat()];
  };
  expect(await commands()).toEqual(expect.arrayContaining([['up'], ['logs'], ['config', 'check'], ['mcp', 'doctor']]));
});
