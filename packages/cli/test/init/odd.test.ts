import { execFileSync } from 'node:child_process';
import { chmod, mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { detect } from '../../src/init/detect.ts';
import { expectValid, folder, processesOf } from './folder.ts';

test('what cannot be used is named, and the rest is taken', async () => {
  const project = await folder({
    'api/package.json': '{ "scripts": ',
    'pyproject.toml': '[project',
    Procfile: '\n# nothing\n',
    'web/package.json': '\uFEFF{ "scripts": { "dev": "vite" } }',
    'client/package.json': '[]',
    'server/package.json': Buffer.from('\uFEFF{}', 'utf16le').toString('latin1'),
  });
  const { root } = project;
  await symlink('nowhere', join(root, 'Cargo.toml'));
  await symlink('.', join(root, 'backend'));
  await symlink('loop', join(root, 'loop'));
  await symlink('loop', join(root, 'frontend'));
  await mkdir(join(root, 'requirements.txt'));
  await writeFile(join(root, 'manage.py'), '');
  await truncate(join(root, 'manage.py'), 2 * 1024 ** 2);
  execFileSync('mkfifo', [join(root, 'go.mod')]);
  const { candidates, skipped } = detect(root);
  expect(candidates.map(({ folder: where, kind }) => [where, kind])).toEqual([['web', 'Vite']]);
  expect(Object.fromEntries(skipped.map(({ path, because }) => [path, because]))).toEqual({
    'api/package.json': expect.stringMatching(/^is not valid JSON: /),
    'pyproject.toml': expect.stringMatching(/^is not valid TOML: /),
    Procfile: 'has no process in it',
    'client/package.json': 'holds no object of JSON',
    'server/package.json': 'is not text in UTF-8',
    'Cargo.toml': 'is a link to nothing',
    backend: 'leads to the project itself',
    'requirements.txt': 'is no file',
    'manage.py': 'is larger than 1 MiB',
    'go.mod': 'is no file',
  });
  await expectValid(project);
});

test('a folder and a file that may not be read are named', async () => {
  const project = await folder({ 'package.json': '{}', 'backend/app.py': '' });
  await chmod(project.root, 0o755);
  await chmod(join(project.root, 'package.json'), 0);
  await chmod(join(project.root, 'backend'), 0);
  const { skipped } = unprivileged(() => detect(project.root));
  await chmod(join(project.root, 'backend'), 0o755);
  expect(skipped).toEqual([
    { path: 'backend', because: 'cannot be read (EACCES)' },
    { path: 'package.json', because: 'cannot be read (EACCES)' },
  ]);
});

test('a script cannot end the comment that quotes it', async () => {
  const dev = 'x \u001b[2J\n  evil: true */ \u2028 # y';
  for (const format of ['yaml', 'ts', 'js', 'json'] as const) {
    const project = await folder({ 'package.json': JSON.stringify({ scripts: { dev } }) });
    await expectValid(project, '--format', format);
  }
  const project = await folder({ 'package.json': JSON.stringify({ scripts: { dev } }) });
  expect(processesOf(project)).toContain(
    '# package script: package.json has the script "dev": x [2J evil: true */ # y.\n',
  );
});

test('links in a circle below the sources are not followed', async () => {
  const project = await folder({ 'package.json': JSON.stringify({ scripts: { dev: 'node a.js' } }), 'lib/b.js': '' });
  await symlink('..', join(project.root, 'lib/up'));
  await symlink(project.root, join(project.root, 'lib/top'));
  expect(detect(project.root).candidates).toHaveLength(1);
});

/** Root may read everything: then it is done as somebody else. */
function unprivileged<T>(run: () => T): T {
  if (process.geteuid?.() !== 0) return run();
  const nobody = 65_534;
  process.seteuid?.(nobody);
  try {
    return run();
  } finally {
    process.seteuid?.(0);
  }
}
