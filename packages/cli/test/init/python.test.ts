import { describe, expect, test } from 'vitest';
import { expectValid, folder, processesOf, render } from './folder.ts';

const flask = 'from flask import Flask\n\napp = Flask(__name__)\n';
const venv = { '.venv/bin/python': '', '.venv/bin/flask': '', '.venv/bin/gunicorn': '' };
const flaskByItself = (command: string): string => `# Flask: app.py creates a Flask app.
web:
  command: ${command}
  env: { PYTHONUNBUFFERED: "1" } # its output is seen at once
  port: 5000 # Flask's default; the next free one when it is taken
  fswatch: { include: [ "**/*.py", "**/*.html" ] } # without --debug, Flask does not reload by itself
`;

describe('Flask', () => {
  test('runs by gunicorn of the virtual environment, with its route for health checks', async () => {
    const project = await folder({
      ...venv,
      'app.py': `${flask}\n@app.route("/health")\ndef health():\n    return {}\n`,
      'requirements.txt': 'flask==3.0\ngunicorn >= 22\n',
    });
    expect(render(project).text).toBe(`# For completion in an editor: promptbin config schema > promptbin.schema.json
# Written by promptbin init from what it found here; it is yours to change.

plugins:
  - "@promptbin/plugin-health" # asks over HTTP whether a process is ready and well
  - "@promptbin/plugin-restart" # starts again what crashes, at most 5 times in a minute
  - "@promptbin/plugin-fswatch" # restarts what does not reload by itself

processes:
  # Flask: app.py creates a Flask app; requirements.txt lists gunicorn.
  web:
    command: .venv/bin/gunicorn --bind {host}:{port} app:app # from the virtual environment .venv
    env: { PYTHONUNBUFFERED: "1" } # its output is seen at once
    port: 5000 # Flask's default; the next free one when it is taken
    health: /health # app.py has that route
    fswatch: { include: [ "**/*.py", "**/*.html" ] } # without --reload, gunicorn does not reload by itself
`);
    await expectValid(project);
  });

  test.each([
    ['.venv/bin/flask', 'from the virtual environment .venv', venv],
    ['venv/bin/python -m flask', 'from the virtual environment venv', { 'venv/bin/python': '' }],
    ['uv run flask', 'by uv, because of uv.lock', { 'uv.lock': '' }],
    ['poetry run flask', 'by poetry, because of poetry.lock', { 'poetry.lock': '' }],
    ['python3 -m flask', 'no virtual environment was found', {}],
  ])('runs by %s, %s', async (program, why, files) => {
    const project = await folder({ 'app.py': flask, ...files });
    const ignore = program.startsWith('venv') ? ', ignore: [ venv/** ] }' : ' }';
    const expected = flaskByItself(`${program} --app app run --host {host} --port {port} # ${why}`);
    expect(processesOf(project)).toBe(expected.replace(' ] }', ` ]${ignore}`));
  });

  test('says so when gunicorn is listed and not installed', async () => {
    const project = await folder({
      'app.py': flask,
      'requirements.txt': 'gunicorn\n',
      '.venv/bin/python': '',
      '.venv/bin/flask': '',
    });
    expect(processesOf(project)).toMatch(
      /creates a Flask app; requirements\.txt lists gunicorn but it is not installed\.\nweb:\n {2}command: \.venv\/bin\/flask /,
    );
  });

  test.each([
    ['requirements.txt', 'Flask\nGunicorn[gevent]==22 # server\n'],
    ['pyproject.toml', '[project]\ndependencies = ["flask", "gunicorn>=22"]\n'],
    ['pyproject.toml', '[tool.poetry.dependencies]\ngunicorn = "^22"\n'],
    ['pyproject.toml', '[dependency-groups]\nprod = ["gunicorn"]\n'],
    ['Pipfile', '[packages]\ngunicorn = "*"\n'],
  ])('finds gunicorn in %s: %s', async (file, text) => {
    const project = await folder({ 'app.py': flask, [file]: text });
    expect(processesOf(project)).toContain(`${file} lists gunicorn.\nweb:\n  command: python3 -m gunicorn `);
  });

  test.each([
    [
      'a factory',
      { 'app.py': 'def create_app(config=None):\n    app = Flask(__name__)\n    return app\n' },
      'app:create_app()',
    ],
    ['a package', { 'shop/__init__.py': 'def create_app():\n    return Flask("shop")\n' }, 'shop:create_app()'],
    ['a variable of another name', { 'server.py': 'site: Flask = Flask("x")\n' }, 'server:site'],
    [
      'wsgi.py',
      { 'app.py': 'def make_app():\n  return Flask("x")\n', 'wsgi.py': 'from app import make_app\napp = make_app()\n' },
      'wsgi:app',
    ],
    [
      'what a factory with arguments has made',
      {
        'app.py': 'app = factory.create_app(settings)\n',
        'factory.py': 'def create_app(s: Settings) -> Flask:\n  return Flask("x")\n',
      },
      'app:app',
    ],
    ['FLASK_APP', { '.flaskenv': 'FLASK_APP=hello:site\n', 'hello.py': '' }, 'hello:site'],
  ])('is found by %s', async (_what, files, target) => {
    const project = await folder({ ...files, 'requirements.txt': 'gunicorn' });
    expect(processesOf(project)).toContain(`--bind {host}:{port} ${target} #`);
  });

  test('has no health check on a route whose path can be longer than it looks', async () => {
    const blueprint = 'pages = Blueprint("pages", __name__)\n@pages.get("/health")\ndef health(): ...\n';
    const other = 'Blueprint("x", __name__, url_prefix="/x")\n';
    const plain = await folder({
      'app.py': `${flask}app.register_blueprint(pages)\n`,
      'pages.py': blueprint,
      'x.py': other,
    });
    expect(processesOf(plain)).toContain('health: /health # pages.py has that route');
    for (const text of ['app.register_blueprint(pages, url_prefix="/x")', 'parent.register_blueprint(pages)']) {
      const moved = await folder({ 'app.py': flask + text, 'pages.py': blueprint });
      expect(processesOf(moved)).not.toContain('health');
    }
    const prefixed = await folder({ 'app.py': flask, 'pages.py': blueprint + other });
    expect(processesOf(prefixed)).not.toContain('health');
  });

  test.each([
    ['a factory that needs arguments', 'def create_app(settings):\n  return Flask("x")\n'],
    ['an import alone', 'from flask import Flask\n# app = Flask(\n'],
  ])('is not found by %s', async (_what, text) => {
    expect(processesOf(await folder({ 'app.py': text }))).toContain('example:');
  });
});

describe('FastAPI', () => {
  test('runs by uvicorn', async () => {
    const project = await folder({
      'main.py': 'from fastapi import FastAPI\napp = FastAPI(title="x")\n',
      'uv.lock': '',
    });
    expect(processesOf(project)).toBe(`# FastAPI: main.py creates a FastAPI app.
web:
  command: uv run uvicorn main:app --host {host} --port {port} # by uv, because of uv.lock
  env: { PYTHONUNBUFFERED: "1" } # its output is seen at once
  port: 8000 # uvicorn's default; the next free one when it is taken
  fswatch: { include: [ "**/*.py" ] } # without --reload, uvicorn does not reload by itself
`);
    await expectValid(project);
  });

  test.each([
    ['in a package', { 'app/__init__.py': '', 'app/main.py': 'api = FastAPI()\n' }, 'uvicorn app.main:api '],
    [
      'in a folder that imports itself',
      { 'app/main.py': 'from app.db import x\napp = FastAPI()\n' },
      'uvicorn app.main:app ',
    ],
    [
      'from a factory',
      { 'main.py': 'def create_app() -> FastAPI:\n    return FastAPI()\n' },
      'uvicorn --factory main:create_app ',
    ],
  ])('is found %s', async (_what, files, command) => {
    const text = processesOf(await folder(files));
    expect(text).toContain(command);
    expect(text.match(/command:/g)).toHaveLength(1);
  });
});

describe('Django', () => {
  const manage = "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site_.settings')\nfrom django.core import x\n";
  const urls = "urlpatterns = [path('health/', views.health)]\n";

  test('runs by its own server, which reloads by itself', async () => {
    const project = await folder({ 'manage.py': manage, 'site_/urls.py': urls });
    expect(processesOf(project)).toBe(`# Django: manage.py is Django's.
web:
  command: python3 manage.py runserver {host}:{port} # no virtual environment was found
  env: { PYTHONUNBUFFERED: "1" } # its output is seen at once
  port: 8000 # Django's default; the next free one when it is taken
  health: /health/ # site_/urls.py has that route
`);
    await expectValid(project);
  });

  test('runs by gunicorn where that is listed', async () => {
    const project = await folder({ 'manage.py': manage, 'site_/wsgi.py': '', 'requirements.txt': 'gunicorn' });
    expect(processesOf(project)).toBe(`# Django: manage.py is Django's; requirements.txt lists gunicorn.
# gunicorn serves no static files of its own accord; Django's own server does: python3 manage.py runserver {host}:{port}
web:
  command: python3 -m gunicorn --bind {host}:{port} site_.wsgi # no virtual environment was found
  env: { PYTHONUNBUFFERED: "1" } # its output is seen at once
  port: 8000 # Django's default; the next free one when it is taken
  fswatch: { include: [ "**/*.py", "**/*.html" ] } # without --reload, gunicorn does not reload by itself
`);
    await expectValid(project);
  });
});
