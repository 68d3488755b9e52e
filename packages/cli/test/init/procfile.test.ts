import { expect, test } from 'vitest';
import { detect } from '../../src/init/detect.ts';
import { expectValid, folder, processesOf } from './folder.ts';

test('each line is a process, release a job that the others wait for', async () => {
  const project = await folder({
    Procfile:
      '# for production\nrelease: python manage.py migrate\r\nweb: gunicorn app:app --bind 0.0.0.0:$PORT\r\n\nworker: celery -A app worker\n',
    'app.py': 'app = Flask("x")\n@app.get("/health")\ndef health(): ...\n',
    '.venv/bin/celery': '',
    '.env': 'DEBUG=1\n',
  });
  expect(processesOf(project)).toBe(`# release job: line 2 of Procfile.
release:
  command: python manage.py migrate
  kind: job # runs to its end
  env: { PYTHONUNBUFFERED: "1" } # its output is seen at once
  envFile: .env # as other runners of Procfiles do

# Procfile process: line 3 of Procfile.
web:
  command: gunicorn app:app --bind 0.0.0.0:$PORT
  shell: true # the command is written for one
  env: { PYTHONUNBUFFERED: "1" } # its output is seen at once
  envFile: .env # as other runners of Procfiles do
  port: 5100 # given to it as PORT; the next free one when it is taken
  dependsOn: { release: completed }
  health: /health # app.py has that route
  fswatch: { include: [ "**/*.py", "**/*.html" ] } # gunicorn does not reload by itself

# Procfile process: line 5 of Procfile.
worker:
  command: .venv/bin/celery -A app worker
  env: { PYTHONUNBUFFERED: "1" } # its output is seen at once
  envFile: .env # as other runners of Procfiles do
  dependsOn: { release: completed }
  fswatch: { include: [ "**/*.py", "**/*.html" ] } # celery does not reload by itself
`);
  expect(detect(project.root).skipped).toEqual([
    { path: 'Flask', because: 'left to the Procfile, which says what runs here' },
  ]);
  await expectValid(project);
});

test('Procfile.dev comes before Procfile', async () => {
  const project = await folder({ Procfile: 'web: one', 'Procfile.dev': 'css: two --watch' });
  expect(processesOf(project)).toMatch(
    /^# Procfile process: line 1 of Procfile\.dev\.\ncss:\n {2}command: two --watch\n$/,
  );
});

test.each([
  ['web: node server.js', 'listen(process.env.PORT)', 'port: 5000 #'],
  ['web: gunicorn app:app', '', 'port: 5000 # gunicorn takes it from PORT'],
  ['web: python -m x -p 81', '', 'port: { preferred: 81, strict: true } # its command has it written in'],
  ['web: serve -l $PORT', '', 'port: 5000 # given to it as PORT'],
])('knows the port of %s', async (Procfile, server, port) => {
  const project = await folder({ Procfile, 'server.js': server });
  expect(processesOf(project)).toContain(port);
  await expectValid(project);
});

test.each([
  ['a: FOO=1 run', true],
  ['a: cd web && run', true],
  ['a: run *.js', true],
  ['a: run "two words"', false],
])('%s needs a shell: %s', async (Procfile, isNeeded) => {
  const project = await folder({ Procfile });
  expect(processesOf(project).includes('shell: true')).toBe(isNeeded);
  await expectValid(project);
});

test('an env file that sets PORT is not taken, and lines that say nothing are named', async () => {
  const project = await folder({ Procfile: 'a: run\n???\na: again\n', '.env': 'PORT=1\n' });
  expect(processesOf(project)).not.toContain('envFile');
  expect(detect(project.root).skipped).toEqual([
    { path: 'Procfile:2', because: 'is no line "name: command"' },
    { path: 'Procfile:3', because: 'names "a" a second time' },
    { path: '.env', because: 'sets PORT, which promptbin gives: take that line out and add "envFile"' },
  ]);
});
