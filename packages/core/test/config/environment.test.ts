import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { resolveConfig } from '../../src/config/resolve.ts';
import { textsOf } from './mistakes.ts';
import { project } from './project.ts';

test('a process goes over the config, and what is written over what is in files', async () => {
  const root = await project({
    'all.env': 'A=all.env\nB=all.env\nC=all.env\nD=all.env\nE=all.env\n',
    'later.env': 'E=later.env\n',
    'web/.env': 'C=web/.env\nD=web/.env\nQUOTED="two words" # a comment\n',
  });
  const { resolved } = await resolveConfig(
    {
      envFile: ['all.env', 'later.env'],
      env: { B: 'env', C: 'env', D: 'env' },
      processes: {
        web: { command: 'x', cwd: 'elsewhere', envFile: 'web/.env', env: { D: 'web' } },
        db: { command: 'x' },
      },
    },
    { root },
  );
  expect(resolved.processes.web?.env).toEqual({
    A: 'all.env',
    B: 'env',
    C: 'web/.env',
    D: 'web',
    E: 'later.env',
    QUOTED: 'two words',
  });
  expect(resolved.processes.db?.env).toEqual({ A: 'all.env', B: 'env', C: 'env', D: 'env', E: 'later.env' });
});

test('numbers and booleans become texts; null stays, for it removes', async () => {
  const { resolved } = await resolveConfig(
    {
      env: { GONE: 'x', BACK: null },
      processes: { web: { command: 'x', env: { N: 1, T: true, GONE: null, BACK: '' } } },
    },
    { root: '/project' },
  );
  expect(resolved.processes.web?.env).toEqual({ N: '1', T: 'true', GONE: null, BACK: '' });
});

test('a missing env file is a mistake that names it, and so is one that cannot be read', async () => {
  const root = await project({});
  await mkdir(join(root, 'folder'));
  expect(
    await textsOf({ envFile: '.env', processes: { web: { command: 'x', envFile: ['folder'] } } }, { root }),
  ).toEqual([
    `envFile names ${join(root, '.env')}, which does not exist. Create the file, or take it out.`,
    expect.stringContaining(`processes.web.envFile names ${join(root, 'folder')}, which cannot be read: EISDIR`),
  ]);
});

test('a line of an env file that says nothing is a mistake with its place, and its text is not shown', async () => {
  const root = await project({
    '.env': [
      '\uFEFF# a comment',
      '  export A = plain # not a part of it',
      'KEY="-----BEGIN-----',
      'MIIE=',
      '-----END-----"',
      '',
      'MIIEvQIBADANBg',
      'B: yaml',
      'C="no end',
      `D='a "b"\\nc'`,
      '=nothing',
      'E=`#`\r',
      'F',
      'G="a" and more',
      'H=',
      'two words=3',
    ].join('\n'),
  });
  const config = { envFile: '.env', processes: { web: { command: 'x' } } };
  const file = join(root, '.env');
  const stray =
    'is neither empty, a comment nor an assignment. Write NAME=value; put a value of several lines into quotes.';
  const unclosed =
    'has a value that begins with a quote and does not end with it. Put the whole value into quotes of another kind.';
  expect(await textsOf(config, { root })).toEqual([
    `${file}:7 ${stray}`,
    `${file}:9 ${unclosed}`,
    `${file}:11 ${stray}`,
    `${file}:13 ${stray}`,
    `${file}:14 ${unclosed}`,
    `${file}:16 ${stray}`,
  ]);
});

test('dotenv reads quotes, escapes, comments and lines; nothing is expanded', async () => {
  const root = await project({
    '.env': `A="two\\nlines" # comment\nB='$HOME \\n'\nC=a b # c\nD="one\ntwo"\nE=$HOME/$A\nF=#\nexport G=g\nH=it's\n`,
  });
  const { resolved } = await resolveConfig({ envFile: '.env', processes: { web: { command: 'x' } } }, { root });
  expect(resolved.processes.web?.env).toEqual({
    A: 'two\nlines',
    B: '$HOME \\n',
    C: 'a b',
    D: 'one\ntwo',
    E: '$HOME/$A',
    F: '',
    G: 'g',
    H: "it's",
  });
});
