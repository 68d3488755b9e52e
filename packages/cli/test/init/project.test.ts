import { expect, test } from 'vitest';
import { detect } from '../../src/init/detect.ts';
import { expectValid, folder, processesOf } from './folder.ts';

const vite = JSON.stringify({ scripts: { dev: 'vite' } });

test('a backend and a frontend each run in their folder, under its name', async () => {
  const project = await folder({
    'backend/app.py': 'app = Flask("x")\n',
    'backend/requirements.txt': '',
    '.venv/bin/python': '',
    'frontend/package.json': vite,
    'package.json': JSON.stringify({ scripts: { dev: 'concurrently "npm:a" "npm:b"' } }),
    'package-lock.json': '',
  });
  expect(processesOf(project)).toBe(`# Flask: backend/app.py creates a Flask app.
backend:
  command: ../.venv/bin/python -m flask --app app run --host {host} --port {port} # from the virtual environment .venv
  cwd: backend
  env: { PYTHONUNBUFFERED: "1" } # its output is seen at once
  port: 5000 # Flask's default; the next free one when it is taken
  fswatch: { paths: [ backend ], include: [ "**/*.py", "**/*.html" ] } # without --debug, Flask does not reload by itself

# Vite: frontend/package.json has the script "dev": vite.
frontend:
  command: npm run dev -- --port {port} --host {host} --strictPort # by npm, because of package-lock.json
  cwd: frontend
  port: 5173 # Vite's default; the next free one when it is taken
`);
  expect(detect(project.root).skipped).toEqual([
    { path: 'package.json', because: 'its script "dev" starts what is found in the folders below' },
  ]);
  await expectValid(project);
});

test('two of a kind get ports of their own, and libraries of a workspace are left out', async () => {
  const project = await folder({
    'apps/shop/package.json': vite,
    'apps/admin/package.json': vite,
    'packages/ui/package.json': JSON.stringify({ scripts: { dev: 'tsc --watch' } }),
    'packages/types/package.json': '{}',
  });
  const written = processesOf(project);
  expect(written.match(/^\w+:$/gm)).toEqual(['admin:', 'shop:']);
  expect(written.match(/port: .*/g)).toEqual([
    "port: 5173 # Vite's default; the next free one when it is taken",
    'port: 5174 # beside 5173, which another has; the next free one when it is taken',
  ]);
  expect(detect(project.root).skipped.map(({ path }) => path)).toEqual(['packages/ui/package.json']);
  await expectValid(project);
});

test('two in one folder are called by their kind, and leave the files of a third alone', async () => {
  const project = await folder({
    'app.py': 'app = Flask("x")\n',
    'package.json': vite,
    'api/main.py': 'app = FastAPI()\n',
    'api/requirements.txt': '',
  });
  const written = processesOf(project);
  expect(written.match(/^\w+:$/gm)).toEqual(['flask:', 'vite:', 'api:']);
  expect(written).toContain('{ include: [ "**/*.py", "**/*.html" ], ignore: [ api/** ] }');
  await expectValid(project);
});

test('names are made so that a config takes them, and no two are the same', async () => {
  const project = await folder({
    'apps/promptbin/package.json': vite,
    'apps/my app!/package.json': vite,
    'apps/my-app-/package.json': vite,
    'apps/web/package.json': vite,
    'web/package.json': vite,
  });
  expect(processesOf(project).match(/^[\w-]+:$/gm)).toEqual([
    'web:',
    'my-app-:',
    'apps-my-app-:',
    'promptbin-app:',
    'apps-web:',
  ]);
  await expectValid(project);
});

test.each([
  [
    'Go',
    {
      'go.mod': 'module x\n',
      'cmd/api/main.go':
        'package main\nhttp.HandleFunc("/health", h)\nhttp.ListenAndServe(":"+os.Getenv("PORT"), nil)\n',
    },
    `# Go: go.mod is there and cmd/api/main.go is a program that serves.
web:
  command: go run ./cmd/api
  port: 8080 # cmd/api/main.go takes it from PORT; the next free one when it is taken
  ready: { timeout: 5m } # the first build takes long
  health: /health # cmd/api/main.go has that route
  fswatch: { include: [ "**/*.go" ] } # built anew when it changes
`,
  ],
  [
    'Rust',
    { 'Cargo.toml': '[dependencies]\naxum = "0.8"\n', 'src/main.rs': 'TcpListener::bind("127.0.0.1:3001")\n' },
    `# Rust: Cargo.toml lists axum.
web:
  command: cargo run
  port: { preferred: 3001, strict: true } # src/main.rs has it written in
  ready: { timeout: 10m } # the first build takes long
  fswatch: { include: [ "**/*.rs" ] } # built anew when it changes
`,
  ],
  [
    'Rails',
    { 'bin/rails': '', Gemfile: 'gem "rails"\n', 'config/routes.rb': '  get "up" => "rails/health#show", as: :x\n' },
    `# Rails: bin/rails is there and Gemfile lists rails.
web:
  command: bin/rails server --binding {host} --port {port}
  port: 3000 # Rails' default; the next free one when it is taken
  health: /up # config/routes.rb has that route
`,
  ],
  [
    'Laravel',
    { artisan: 'use Illuminate\\Foundation\\Application;\n' },
    `# Laravel: artisan is Laravel's.
web:
  command: php artisan serve --host {host} --port {port}
  port: 8000 # Laravel's default; the next free one when it is taken
`,
  ],
])('%s', async (_kind, files: Readonly<Record<string, string>>, expected) => {
  const project = await folder(files);
  expect(processesOf(project)).toBe(expected);
  await expectValid(project);
});

test('a program in Go or Rust that serves nothing is no process', async () => {
  const files = { 'go.mod': 'module x\n', 'main.go': 'package main\n', 'Cargo.toml': '[package]\n', 'src/main.rs': '' };
  expect(processesOf(await folder(files))).toContain('example:');
});
