import { expect, test } from 'vitest';
import { detect } from '../../src/init/detect.ts';
import { expectValid, folder, processesOf, render } from './folder.ts';

const compose = `
x-common: &common
  depends_on: { db: { condition: service_healthy }, migrate: { condition: service_completed_successfully } }
services:
  db:
    image: postgres:16
  migrate:
    build: ./backend
    command: ["alembic", "upgrade", "head"]
    environment: { DATABASE_URL: postgres://db, TOKEN: secret }
  worker:
    <<: *common
    build: { context: backend }
    command: celery -A tasks worker
  api:
    <<: *common
    build: backend
    ports: ["8000:8000"]
  site:
    build: ./frontend/
    depends_on: [api]
  cache:
    build: ./cache
`;

const files = {
  'compose.yaml': compose,
  'backend/main.py': 'app = FastAPI()\n',
  'backend/requirements.txt': '',
  'frontend/package.json': JSON.stringify({ scripts: { dev: 'vite' } }),
};

test('services give names and dependencies to what is built here; images are suggested, secrets not copied', async () => {
  const project = await folder(files);
  expect(processesOf(project)).toBe(`# compose service: compose.yaml builds it from backend and has its command.
# compose.yaml also sets DATABASE_URL, TOKEN: meant for a container, so not copied.
migrate:
  command: alembic upgrade head
  cwd: backend
  kind: job # runs to its end

# compose service: compose.yaml builds it from backend and has its command.
# In compose.yaml it also waits for db.
worker:
  command: celery -A tasks worker
  cwd: backend
  env: { PYTHONUNBUFFERED: "1" } # its output is seen at once
  dependsOn: { migrate: completed }
  fswatch: { paths: [ backend ], include: [ "**/*.py", "**/*.html" ] } # celery does not reload by itself

# FastAPI: backend/main.py creates a FastAPI app; compose.yaml calls it api.
# In compose.yaml it also waits for db.
api:
  command: python3 -m uvicorn main:app --host {host} --port {port} # no virtual environment was found
  cwd: backend
  env: { PYTHONUNBUFFERED: "1" } # its output is seen at once
  port: 8000 # uvicorn's default; the next free one when it is taken
  dependsOn: { migrate: completed }
  fswatch: { paths: [ backend ], include: [ "**/*.py" ] } # without --reload, uvicorn does not reload by itself

# Vite: frontend/package.json has the script "dev": vite; compose.yaml calls it site.
site:
  command: npm run dev -- --port {port} --host {host} --strictPort
  cwd: frontend
  port: 5173 # Vite's default; the next free one when it is taken
  dependsOn: [ api ]
# Not taken: db of compose.yaml runs from the image postgres:16. To run it by Docker:
# db: { command: 'docker compose up --no-deps db', stop: { grace: '15s' } }
# Not taken: cache of compose.yaml has no command but that of cache's Dockerfile. To run it by Docker:
# cache: { command: 'docker compose up --no-deps cache', stop: { grace: '15s' } }
`);
  await expectValid(project);
});

test('what is suggested can be taken in as it stands, in YAML and in TypeScript', async () => {
  const services = 'services: { db: { image: "postgres:16" } }';
  for (const format of ['yaml', 'ts'] as const) {
    const project = await folder({ 'docker-compose.yml': services });
    const { file, text } = render(project, format);
    const taken = text.replace(/(?:#|\/\/) (db: .*)/, format === 'ts' ? '$1,' : '$1');
    expect(taken).not.toBe(text);
    await folderWith(project.root, file, taken);
    expect(await project.run('config', 'check')).toMatchObject({ code: 0, stderr: '' });
  }
});

async function folderWith(root: string, file: string, text: string): Promise<void> {
  const { writeFile } = await import('node:fs/promises');
  await writeFile(`${root}/${file}`, text);
}

test('a circle of dependencies is cut open, and said', async () => {
  const service = (other: string): string => `{ build: ., command: run ${other}, depends_on: [${other}] }`;
  const project = await folder({ 'compose.yaml': `services:\n  a: ${service('b')}\n  b: ${service('a')}\n` });
  expect(processesOf(project)).toContain('# It cannot wait for a, which waits for it.\nb:\n');
  await expectValid(project);
});

test.each([
  ['an absolute path of the container', '{ build: ., command: /docker-start.sh }', 'has a command of its container'],
  ['a context outside', '{ build: ../other, command: run }', 'is built elsewhere'],
  ['a context from elsewhere', '{ build: "https://example.com/x.git", command: run }', 'is built elsewhere'],
])('is not taken with %s', async (_what, service, because) => {
  const project = await folder({ 'compose.yaml': `services: { x: ${service} }` });
  expect(detect(project.root)).toMatchObject({ candidates: [], suggestions: [{ name: 'x', because }] });
});

test.each([
  ['services: [a', /^is not valid YAML: /],
  ['- a\n- b\n', /^holds no object of YAML$/],
  ['services: { x: 3 }', /^is no mapping$/],
  [
    'a: &a [x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c]\n',
    /alias/,
  ],
])('a file that is none is named: %s', async (text, because) => {
  const project = await folder({ 'compose.yaml': text });
  expect(detect(project.root).skipped).toEqual([
    { path: expect.stringMatching(/^compose/), because: expect.stringMatching(because) },
  ]);
});
