import { spawnSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { connectAgent } from './support/agent.ts';
import { configureExample, copyExample, setUpPython, type WebFields } from './support/example.ts';

beforeAll(setUpPython, 180_000);

const python = (code: string): string[] => ['python3', '-u', '-c', code];

const listens = `
import http.server, os
class App(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(int(os.environ['ANSWER'])); self.end_headers()
    def log_message(self, *args): pass
http.server.ThreadingHTTPServer(('127.0.0.1', int(os.environ['PORT'])), App).serve_forever()
`;

const failures: { name: string; web: WebFields; code: string; says: RegExp }[] = [
  {
    name: 'exits at once',
    web: { command: python("import sys; print('no such table: prompts'); sys.exit(3)"), restart: { policy: 'never' } },
    code: 'exited',
    says: /exited with code 3 before it was ready[\s\S]*no such table: prompts/,
  },
  {
    name: 'is not there',
    web: { command: ['./no-such-gunicorn'] },
    code: 'commandNotFound',
    says: /no-such-gunicorn/,
  },
  {
    name: 'never listens',
    web: {
      command: python('import time; time.sleep(600)'),
      ready: { timeout: '1500ms' },
      restart: { policy: 'never' },
    },
    code: 'startTimeout',
    says: /not ready after 1\.5 s[\s\S]*nobody listens|not ready after 1\.5 s[\s\S]*nothing listens/,
  },
  {
    name: 'answers 500',
    web: {
      command: python(listens),
      env: { ANSWER: '500' },
      ready: { timeout: '3s' },
      restart: { policy: 'never' },
    },
    code: 'startTimeout',
    says: /500/,
  },
];

describe('an app that', () => {
  test.each(failures)(
    '$name: one call tells why, and the server answers all the while',
    async ({ web, code, says }) => {
      const folder = await copyExample();
      await configureExample(folder, web);
      const agent = await connectAgent(folder);
      const { facts, isError } = await agent.call('start_process', { name: 'web' });
      expect(isError).toBe(true);
      expect(facts).toMatchObject({ phase: 'failed', ready: false, cause: { code } });
      expect(JSON.stringify(facts)).toMatch(says);
      const explained = await agent.call('explain_process', { name: 'web' });
      expect(explained).toMatchObject({ isError: false, facts: { verdict: 'down', cause: { code } } });
      expect((await agent.call('list_processes')).facts.summary).toContain('web has failed');
      await agent.client.close();
    },
  );

  test('cannot even be configured: the server answers, says what is wrong, and takes the repaired config', async () => {
    const folder = await copyExample();
    await configureExample(folder, { restart: { maxRestart: 5 } });
    const agent = await connectAgent(folder);
    const { facts, isError, text } = await agent.call('list_processes');
    expect(isError).toBe(true);
    expect(`${text}${JSON.stringify(facts)}`).toMatch(/maxRestart[\s\S]*maxRestarts/);
    await configureExample(folder);
    expect((await agent.call('list_processes')).isError).toBe(false);
    await agent.client.close();
  });

  test('needs a Python that is not there: the job says what to install, and everything else goes on', async () => {
    const folder = await copyExample();
    await rm(join(folder, '.venv'), { recursive: true });
    const agent = await connectAgent(folder, { env: { PATH: dirname(process.execPath) } });
    const { facts, isError } = await agent.call('start_process', { name: 'web' });
    expect(isError).toBe(true);
    expect(facts).toMatchObject({ phase: 'waiting', cause: { code: 'dependencyDown' } });
    const { facts: setup } = await agent.call('explain_process', { name: 'setup' });
    expect(setup.evidence?.join('\n')).toMatch(/Python.*[Ii]nstall|[Ii]nstall.*Python/);
    expect((await agent.call('list_processes')).isError).toBe(false);
    await agent.client.close();
  });

  test('is slow to come up does not slow down `initialize`', async () => {
    const folder = await copyExample();
    await configureExample(folder, { command: python('import time; time.sleep(600)') });
    // Twice what is promised, and more where Node itself needs long to come up; the best of three is what counts.
    const times: number[] = [];
    const bare: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      const began = performance.now();
      spawnSync(process.execPath, ['-e', '0']);
      bare.push(performance.now() - began);
      const agent = await connectAgent(folder);
      times.push(agent.connectedMs);
      await agent.client.close();
    }
    expect(Math.min(...times)).toBeLessThan(Math.max(2000, 20 * Math.max(...bare)));
  });
});
