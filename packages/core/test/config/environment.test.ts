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
