import { existsSync } from 'node:fs';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeConfig } from '../../src/init/write.ts';
import { expectValid, folder, installPackages } from './folder.ts';

const server = `const { createServer } = require('node:http');
createServer((request, response) => {
  if (request.url === '/health') response.end('ok');
  else response.end('hello');
}).listen(process.env.PORT ?? 4000, '127.0.0.1');
`;
const express = {
  'package.json': JSON.stringify({ scripts: { start: 'node server.js' }, dependencies: { express: '5' } }),
  'server.js': server,
};

describe('init', () => {
  test('says what it found and why, what it wrote, and what comes next', async () => {
    const project = await folder({ ...express, 'compose.yaml': 'services: { db: { image: redis } }' });
    const { code, stdout, stderr } = await project.run('init');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(`Found in ${project.root}:
  web  Express  package.json has the script "start": node server.js
Not taken:
  compose.yaml: db  runs from the image redis
Wrote promptbin.config.yaml (YAML, because @promptbin/core is not installed here).
Next: promptbin up
`);
  });

  test('is one object for programs', async () => {
    const project = await folder({ ...express, Procfile: '' });
    const { code, stdout } = await project.run('init', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      version: 1,
      file: join(project.root, 'promptbin.config.yaml'),
      detected: [{ name: 'web', kind: 'Express', because: 'package.json has the script "start": node server.js' }],
      skipped: [{ path: 'Procfile', because: 'has no process in it' }],
    });
  });

  test('writes an example that is valid and runs where it recognises nothing', async () => {
    const project = await folder({});
    const { code, stdout } = await project.run('init');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Nothing was recognised in .*: the config holds an example to change\.\nWrote /);
    expect((await project.run('config', 'check')).code).toBe(0);
    expect((await project.run('up', '--detach')).code).toBe(0);
    expect(await project.status()).toMatchObject({ processes: [{ name: 'example', phase: 'running' }] });
  });

  test.each([
    ['promptbin.config.mjs', ''],
    ['promptbin.config.yml', 'processes: {}'],
    ['.promptbinrc', ''],
    ['.promptbinrc.json', '{}'],
    ['package.json', '{ "promptbin": {} }'],
  ])('overwrites nothing: %s', async (name, text) => {
    const project = await folder({ [name]: text });
    const { code, stdout, stderr } = await project.run('init', '--format', 'json');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(
      /^error: There is a promptbin config already: .*\n {2}Change that one, or move it away first/,
    );
    expect(stderr).toContain(join(project.root, name));
    expect(existsSync(join(project.root, 'promptbin.config.json'))).toBe(false);
    const told = await project.run('init', '--json');
    expect([told.code, JSON.parse(told.stdout).error.code]).toEqual([2, 'PB_INIT_EXISTS']);
  });

  test('leaves what has come into the place of its file since it looked, a link too', async () => {
    const { root } = await folder({ taken: 'before' });
    await symlink('target', join(root, 'link'));
    for (const name of ['taken', 'link']) {
      await expect(writeConfig(root, name, 'after')).rejects.toMatchObject({ code: 'PB_INIT_EXISTS' });
    }
    expect(await readFile(join(root, 'taken'), 'utf8')).toBe('before');
    expect(existsSync(join(root, 'target'))).toBe(false);
  });

  test('of two at once, one writes', async () => {
    const project = await folder(express);
    const runs = await Promise.all([1, 2, 3].map(() => project.spawn(['init']).finished));
    expect(runs.map(({ code }) => code).toSorted()).toEqual([0, 2, 2]);
  });

  test('names the config above that commands here have found until now', async () => {
    const project = await folder({ 'promptbin.config.json': '{}', 'web/server.js': '' });
    const { code, stdout } = await project.run('--project', 'web', 'init');
    expect(code).toBe(0);
    expect(stdout).toContain(`${join(project.root, 'promptbin.config.json')}  is no longer what commands find`);
  });

  test.each([
    ['--project nowhere', /There is no folder .*nowhere/],
    ['--config x.json', /init names its file itself and cannot write x\.json/],
    ['--format toml', /Allowed choices are ts, js, yaml, json/],
  ])('%s is wrong usage', async (flags, message) => {
    const project = await folder({});
    const { code, stderr } = await project.run('init', ...flags.split(' '));
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ +at /m);
  });
});

describe('the format', () => {
  const packages = ['core', 'plugin-health', 'plugin-restart', 'plugin-fswatch'];

  test('is TypeScript with types where the packages are installed', async () => {
    const project = await folder(express);
    await installPackages(project, ...packages);
    expect((await project.run('init')).stdout).toContain(
      'Wrote promptbin.config.ts (TypeScript, because @promptbin/core is installed here and gives it types).',
    );
    expect(await readFile(join(project.root, 'promptbin.config.ts'), 'utf8')).toBe(
      `// Written by promptbin init from what it found here; it is yours to change.
import { defineConfig } from '@promptbin/core';
import { fswatch } from '@promptbin/plugin-fswatch';
import { health } from '@promptbin/plugin-health';
import { restart } from '@promptbin/plugin-restart';

export default defineConfig({
  plugins: [
    health(), // asks over HTTP whether a process is ready and well
    restart(), // starts again what crashes, at most 5 times in a minute
    fswatch(), // restarts what does not reload by itself
  ],
  processes: {
    // Express: package.json has the script "start": node server.js.
    web: {
      command: 'node server.js', // what the script "start" runs
      port: 4000, // server.js takes it from PORT; the next free one when it is taken
      health: '/health', // server.js has that route
      fswatch: { include: ['**/*.{js,mjs,cjs,ts}'] }, // it does not reload by itself
    },
  },
});
`,
    );
    expect(await project.run('config', 'check')).toMatchObject({ code: 0, stderr: '' });
  });

  test('is YAML where one of the plugins is missing', async () => {
    const project = await folder(express);
    await installPackages(project, 'core');
    expect((await project.run('init')).stdout).toContain(
      '(YAML, because @promptbin/plugin-health is not installed here)',
    );
  });

  test.each([
    ['ts', 'module', 'ts'],
    ['ts', undefined, 'ts'],
    ['ts', 'commonjs', 'mts'],
    ['js', 'module', 'js'],
    ['js', undefined, 'mjs'],
    ['js', 'commonjs', 'mjs'],
  ])('%s beside a package of type %s has the ending .%s, and is valid', async (format, type, ending) => {
    const project = await folder({ 'package.json': JSON.stringify({ type }) });
    await expectValid(project, '--format', format);
    expect(existsSync(join(project.root, `promptbin.config.${ending}`))).toBe(true);
  });

  test('names the schema that an installed core brings, by a path that holds anywhere', async () => {
    for (const [format, line] of [
      ['yaml', '# yaml-language-server: $schema=../node_modules/@promptbin/core/schema.json\n'],
      ['json', '"$schema": "../node_modules/@promptbin/core/schema.json"'],
    ] as const) {
      const project = await folder({ 'app/x': '', 'node_modules/@promptbin/core/schema.json': '{}' });
      expect((await project.run('--project', 'app', 'init', '--format', format)).code).toBe(0);
      expect(await readFile(join(project.root, `app/promptbin.config.${format}`), 'utf8')).toContain(line);
    }
  });
});

describe('what is written runs', () => {
  test('Express: up, ready by its own health route, and gone after down', async () => {
    const project = await folder(express);
    await expectValid(project);
    expect((await project.run('up', '--detach')).code).toBe(0);
    const { processes } = await project.status();
    expect(processes).toMatchObject([{ name: 'web', phase: 'running', ready: true }]);
    const [{ url = '', pid = 0 } = {}] = processes;
    expect(await (await fetch(url)).text()).toBe('hello');

    // It does not reload by itself, so a changed file must restart it.
    const changed = project.spawn(['logs', '--follow']);
    await writeFile(join(project.root, 'server.js'), server.replace('hello', 'changed'));
    await expect.poll(async () => (await project.status()).processes[0]?.pid).not.toBe(pid);
    changed.child.kill();
    expect((await project.run('down')).code).toBe(0);
    await expect(fetch(url)).rejects.toThrow();
  });

  test('Flask: the program of the virtual environment is started in its folder, with the port it was given', async () => {
    const stub = `#!${process.execPath}\nconst { createServer } = require('node:http');
const [, , ...words] = process.argv;
createServer((request, response) => response.end(words.join(' '))).listen(words.at(-1), words.at(-3));\n`;
    const project = await folder({
      'backend/app.py': 'app = Flask("x")\n',
      'backend/requirements.txt': 'flask\n',
      'backend/.venv/bin/python': '',
      'backend/.venv/bin/flask': stub,
    });
    await expectValid(project);
    expect((await project.run('up', '--detach')).code).toBe(0);
    const [{ url = '', port = 0 } = {}] = (await project.status()).processes;
    expect(await (await fetch(url)).text()).toBe(`--app app run --host 127.0.0.1 --port ${port}`);
  });

  test('Procfile: the job first, and PORT in the command as the shell sees it', async () => {
    const project = await folder({
      Procfile: `release: echo migrated > done
web: test -f done && exec node server.js $PORT\n`,
      'server.js': server.replace("'hello'", 'process.argv[2]'),
    });
    await mkdir(join(project.root, 'logs'));
    await expectValid(project);
    expect((await project.run('up', '--detach')).code).toBe(0);
    const { processes } = await project.status();
    expect(processes).toMatchObject([
      { name: 'release', phase: 'completed' },
      { name: 'web', phase: 'running', ready: true },
    ]);
    expect(await (await fetch(processes[1]?.url ?? '')).text()).toBe(String(processes[1]?.port));
  });
});
