import type { ExplainResult, GetResult, StartResult } from '@promptbin/core';
import { restart } from '@promptbin/plugin-restart';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Managed, manage } from '../test-support/manage.ts';
import { examplePython } from '../test-support/python.ts';
import { freePort, occupy } from './support/ports.ts';

let python = '';
beforeAll(async () => {
  python = await examplePython();
}, 180_000);

const app = `import os

from flask import Flask

app = Flask(__name__)


@app.get("/")
def home():
    return "ok"


@app.get("/boom")
def boom():
    return str(1 / 0)


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
`;

type Failure = { ok: false; error: { message: string; hint?: string }; value: StartResult };

async function flask(source: string, port: number, strict = false): Promise<Managed> {
  const web = { command: [python, '-u', 'app.py'] as [string, ...string[]], port: { preferred: port, strict } };
  // One try: what is asked for is the first reason.
  return manage({ plugins: [restart({ policy: 'never' })], processes: { web } }, { 'app.py': source });
}

const start = async ({ manager }: Managed): Promise<Failure> =>
  (await manager.call('process.start', { name: 'web' }, { caller: 'test' })) as unknown as Failure;

async function explain({ manager }: Managed): Promise<ExplainResult> {
  const answer = await manager.call('process.explain', { name: 'web' }, { caller: 'test' });
  return (answer as { value: ExplainResult }).value;
}

const broken: { name: string; source: string; code: string; message: string; hint: RegExp; last: string }[] = [
  {
    name: 'imports what is not installed',
    source: app.replace('import os\n', 'import os\nimport flask_bouncer\n'),
    code: 'missingModule',
    message: "app.py line 2: ModuleNotFoundError: No module named 'flask_bouncer'",
    hint: /`pip install flask_bouncer`/,
    last: "ModuleNotFoundError: No module named 'flask_bouncer'",
  },
  {
    name: 'cannot be parsed',
    source: app.replace('def home():', 'def home('),
    code: 'syntaxError',
    message: "app.py line 9: SyntaxError: '(' was never closed",
    hint: /^Correct app\.py line 9\.$/,
    last: "SyntaxError: '(' was never closed",
  },
  {
    name: 'needs a variable that is not set',
    source: app.replace('app = Flask', 'os.environ["SESSION_SECRET"]\napp = Flask'),
    code: 'missingEnv',
    message: 'app.py line 5: environment variable SESSION_SECRET is not set',
    hint: /^Set SESSION_SECRET in `env`/,
    last: "KeyError: 'SESSION_SECRET'",
  },
  {
    name: 'defines a route twice',
    source: `${app.split('if __name__')[0]}\n@app.get("/home")\ndef home():\n    return "again"\n`,
    code: 'exception',
    message: 'app.py line 19: AssertionError: View function mapping is overwriting an existing endpoint function: home',
    hint: /^Look at app\.py line \d+\.$/,
    last: 'AssertionError: View function mapping is overwriting an existing endpoint function: home',
  },
];

describe('a Flask app that', () => {
  test.each(broken)('$name: the start tells why, and so does its explanation', async (wrong) => {
    await using run = await flask(wrong.source, await freePort());
    const { ok, error, value } = await start(run);
    expect(ok).toBe(false);
    expect(value).toMatchObject({ phase: 'failed', cause: { code: wrong.code, message: wrong.message } });
    expect(error).toMatchObject({
      message: `web has failed: ${wrong.message}.`,
      hint: expect.stringMatching(wrong.hint),
    });
    expect(value.newLogs?.map(({ text }) => text)).toContain(wrong.last);
    expect(value.newLogs?.length).toBeLessThanOrEqual(10);
    const explained = await explain(run);
    expect(explained).toMatchObject({ verdict: 'down', cause: { code: wrong.code, message: wrong.message } });
    expect(explained.evidence.at(-1)).toBe(wrong.last);
    expect(explained.summary).toContain(wrong.message);
    const reading = explained.next.filter(({ command }) => command === 'process.logs');
    expect(reading.map(({ input }) => input.level)).toEqual(wrong.code === 'exception' ? ['error'] : []);
    expect(explained.next.at(-1)).toEqual({ command: 'process.start', input: { name: 'web' } });
  });

  test('cannot have its port: who has it is told, and later that it is free', async () => {
    const port = await freePort();
    const source = app.replace('os.environ["PORT"]', `"${port}"`);
    const taken = await occupy(port);
    // It is told another port, and takes the one that it has in its head.
    await using run = await flask(source, await freePort());
    const { error, value } = await start(run);
    expect(value).toMatchObject({ phase: 'failed', cause: { code: 'portInUse', port } });
    expect(error).toMatchObject({ message: `web has failed: port ${port} is already in use.` });
    expect(error.hint).toContain(`Stop pid ${process.pid}`);
    expect(value.summary).toContain(`port ${port} is held by pid ${process.pid} (`);
    expect((await explain(run)).evidence[0]).toContain(`port ${port} is held by pid ${process.pid} (`);
    await taken[Symbol.asyncDispose]();
    expect(await explain(run)).toMatchObject({
      cause: { code: 'portInUse', hint: `Start it again: port ${port} is free now.` },
      evidence: [`port ${port} is free now`, ...(value.cause?.evidence ?? [])],
    });
  });

  test('answers with an error is up, and the error is told once however often it came', async () => {
    await using run = await flask(app, await freePort());
    const view = await run.manager.process('web').start();
    for (let count = 0; count < 3; count += 1) {
      expect((await fetch(`${view.url}/boom`)).status).toBe(500);
    }
    const errors = async (): Promise<GetResult['errors']> => {
      const answer = await run.manager.call('process.get', { name: 'web' }, { caller: 'test' });
      return (answer as { value: GetResult }).value.errors;
    };
    // The answer may be there before what was logged about it.
    await expect.poll(errors, { timeout: 20_000 }).toMatchObject([{ count: 3 }, { count: 3 }]);
    expect(await errors()).toMatchObject([
      { message: expect.stringContaining('"GET /boom HTTP/1.1" 500') },
      {
        message: 'ZeroDivisionError: division by zero',
        sample: [
          expect.stringContaining('ERROR in app: Exception on /boom [GET]'),
          expect.stringMatching(/File ".*app\.py", line 15, in boom/),
          '    return str(1 / 0)',
          'ZeroDivisionError: division by zero',
        ],
      },
    ]);
    await run.manager.process('web').stop();
    expect(await explain(run)).toMatchObject({ verdict: 'down', cause: { code: 'requested' }, evidence: [] });
  });

  test('does not get ready in time shows the error that it has written', async () => {
    await using run = await manage(
      {
        processes: {
          web: {
            command: [python, '-u', 'app.py'],
            port: await freePort(),
            ready: { timeout: '3s' },
          },
        },
      },
      {
        'app.py': `import threading\n\n\ndef serve():\n    raise RuntimeError("no model")\n\n\nthreading.Thread(target=serve).start()\nthreading.Event().wait()\n`,
      },
    );
    const { value } = await start(run);
    expect(value).toMatchObject({
      cause: { code: 'startTimeout', message: expect.stringContaining('not ready after 3 s') },
    });
    expect(value.cause?.evidence).toEqual([
      'Exception in thread Thread-1 (serve):',
      expect.stringContaining('app.py", line 5, in serve'),
      '    raise RuntimeError("no model")',
      'RuntimeError: no model',
    ]);
    expect(value.newLogs?.map(({ text }) => text)).toContain('RuntimeError: no model');
  });
});
