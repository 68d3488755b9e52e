import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { fixture, Project } from '../project.ts';

let project: Project;
afterEach(() => project[Symbol.asyncDispose]());

const web = { command: fixture('server'), port: 'auto' } as const;
const config = (version: string, more: object = {}): string =>
  JSON.stringify({ ...more, processes: { web: { ...web, env: { VERSION: version } }, other: web } });

test('up --watch-config reloads on a save, shows the plan or the mistakes, and goes on', async () => {
  project = await Project.create({});
  await project.configure(config('1'));
  const up = project.spawn(['up', '--watch-config']);
  await up.says(/➜ web/);
  const other = (await project.status()).processes.find(({ name }) => name === 'other')?.pid;

  await project.configure(config('2'));
  await up.says(/^↻ +restart +web +env\.VERSION: "1" → "2"$/m);
  await project.configure('{ "processes": { "web": { "comand": 7 } } }');
  await up.says(/promptbin │ reload refused, nothing has changed: .*promptbin\.config\.json has 2 mistakes:\n/);
  await up.says(/^promptbin │ .*promptbin\.config\.json:1:27 {2}processes\.web has an unknown key "comand"/m);

  // As editors save: another file takes the place of the old one.
  const file = join(project.root, 'promptbin.config.json');
  const next = JSON.parse(config('3'));
  next.processes.fresh = web;
  await writeFile(`${file}.new`, JSON.stringify(next));
  await rename(`${file}.new`, file);
  await up.says(/^\+ +add +fresh/m);
  await up.says(/^fresh +│ listening$/m);
  expect((await project.status()).processes.find(({ name }) => name === 'other')?.pid).toBe(other);
});

test('every file that the config is made of counts, also those that come with a reload', async () => {
  project = await Project.create({});
  await project.configure(
    `import { version } from './version.mjs';
     export default {
       extends: './base.yaml',
       envFile: 'first.env',
       processes: { web: { env: { VERSION: version } } },
     };`,
    'mjs',
  );
  const [program, script] = fixture('server');
  await project.write({
    'version.mjs': "export const version = '1';",
    'first.env': 'ENV=1\n',
    'base.yaml': `processes:\n  web: { command: [${program}, ${script}], port: auto, env: { BASE: 1 } }\n`,
  });
  const up = project.spawn(['up', '--watch-config']);
  await up.says(/➜ web/);
  await project.write({ 'version.mjs': "export const version = '2';" });
  await up.says(/env\.VERSION: "1" → "2"/);
  await project.write({ 'first.env': 'ENV=2\n' });
  await up.says(/env\.ENV: "1" → "2"/);
  await project.write({ 'second.env': 'ENV=3\n' });
  await project.write({
    'base.yaml': `processes:\n  web: { command: [${program}, ${script}], port: auto, envFile: second.env, env: { BASE: 2 } }\n`,
  });
  await up.says(/env\.BASE: "1" → "2"/);
  await project.write({ 'second.env': 'ENV=4\n' });
  await up.says(/env\.ENV: "3" → "4"/);
});

test('a file that comes in with a mistake counts from then on: its repair is seen', async () => {
  project = await Project.create({});
  await project.configure(config('1'));
  const up = project.spawn(['up', '--watch-config']);
  await up.says(/➜ web/);
  await project.write({ 'base.json': '{ broken' });
  await project.configure(config('2', { extends: './base.json' }));
  await up.says(/reload refused, nothing has changed: .*base\.json has a mistake/);
  await project.write({ 'base.json': '{}' });
  await up.says(/env\.VERSION: "1" → "2"/);
});

test('a manager in the background watches as well', async () => {
  project = await Project.create({});
  await project.configure(config('1'));
  await project.run('up', '--detach', '--watch-config');
  await project.configure(config('2'));
  const hasRestarted = async (): Promise<boolean> =>
    (await project.status()).processes.some(
      ({ name, ready, generation }) => name === 'web' && ready && generation === 2,
    );
  while (!(await hasRestarted())) await sleep(50);
});
