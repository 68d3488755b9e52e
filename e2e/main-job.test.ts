import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { connectAgent } from './support/agent.ts';
import { promptbin, statusOf } from './support/cli.ts';
import { copyExample, setUpPython } from './support/example.ts';
import { bindOnce, freePort } from './support/ports.ts';
import { processesOf } from './support/processes.ts';
import { until } from './support/until.ts';

beforeAll(setUpPython, 180_000);

interface Health {
  readonly status: string;
  readonly uptime: number;
  readonly mode: string;
  readonly version: string;
  readonly prompts_count: number;
}

async function getJson<T>(url: string, path: string): Promise<T> {
  const response = await fetch(new URL(path, url));
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}

async function expectNothingLeft(folder: string, port: number): Promise<void> {
  expect(processesOf(folder)).toEqual([]);
  await bindOnce(port);
  expect(existsSync(join(folder, '.promptbin', 'control.sock'))).toBe(false);
  expect(existsSync(join(folder, '.promptbin', 'manager.json'))).toBe(false);
}

describe('the main job', () => {
  test('a fresh clone: one command makes the environment and brings the app up; Ctrl-C leaves nothing', async () => {
    const folder = await copyExample();
    await rm(join(folder, '.venv'), { recursive: true });
    const up = promptbin(folder, ['up']);
    const [, url] = await up.prints(/web\s+(http:\/\/127\.0\.0\.1:\d+)/);
    expect(up.output.stdout).toMatch(/setup\s+completed/);
    expect(await getJson<Health>(String(url), '/health')).toEqual({
      status: 'healthy',
      uptime: expect.any(Number),
      mode: 'mcp-managed',
      version: '0.1.0',
      prompts_count: 0,
    });
    const manager = up.child.pid;
    expect(await getJson(String(url), '/mcp-status')).toMatchObject({
      mode: 'mcp-managed',
      managed: true,
      manager_pid: manager,
      run: 1,
      process: 'web',
    });
    up.child.kill('SIGINT');
    expect(await up.finished).toMatchObject({ code: 0 });
    await expectNothingLeft(folder, Number(new URL(String(url)).port));
  }, 240_000);

  test('an agent brings it up by connecting, uses it, and takes it down by leaving', async () => {
    const folder = await copyExample();
    const agent = await connectAgent(folder);
    const { facts, isError } = await agent.call('start_process', { name: 'web' });
    expect(isError).toBe(false);
    expect(facts).toMatchObject({ phase: 'running', ready: true, restarts: 0 });
    const url = String(facts.url);
    expect(await getJson<Health>(url, '/health')).toMatchObject({ mode: 'mcp-managed' });
    expect(await agent.resource('promptbin://flask-status')).toMatchObject({
      port: facts.port,
      pid: facts.pid,
      restarts: 0,
    });
    const created = await fetch(new URL('/api/prompts', url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ title: 'Hello', body: 'world' }),
    });
    expect(created.status).toBe(201);
    expect((await getJson<Health>(url, '/health')).prompts_count).toBe(1);
    await agent.client.close();
    await until(
      () => processesOf(folder),
      (left) => left.length === 0,
      'everything ends after the last client',
    );
    await expectNothingLeft(folder, Number(facts.port));
  });

  test('two clients share one manager and one app, which outlives the first to leave', async () => {
    const folder = await copyExample();
    const [first, second] = await Promise.all([connectAgent(folder), connectAgent(folder, { era: 'legacy' })]);
    const answers = await Promise.all([first, second].map((agent) => agent.call('start_process', { name: 'web' })));
    expect(answers.map(({ isError }) => isError)).toEqual([false, false]);
    const [one, two] = answers.map(({ facts }) => facts);
    expect(one?.pid).toBe(two?.pid);
    expect(one?.generation).toBe(1);
    await first.client.close();
    expect((await second.call('get_process', { name: 'web' })).facts).toMatchObject({ pid: one?.pid, ready: true });
    await second.client.close();
    await until(
      () => processesOf(folder),
      (left) => left.length === 0,
      'everything ends after the last client',
    );
  });

  test('a manager that `up` started stays when the client leaves', async () => {
    const folder = await copyExample();
    const detached = await promptbin(folder, ['up', '--detach']).finished;
    expect(detached).toMatchObject({ code: 0 });
    const before = await statusOf(folder, 'web');
    const agent = await connectAgent(folder);
    expect((await agent.call('get_process', { name: 'web' })).facts.pid).toBe(before.pid);
    await agent.client.close();
    const down = await promptbin(folder, ['down']).finished;
    expect(down).toMatchObject({ code: 0 });
    await expectNothingLeft(folder, Number(before.port));
  });

  test('the app runs alone too, says so, and finishes when it is told to stop', async () => {
    const folder = await copyExample();
    const port = await freePort();
    const { PROMPTBIN_MODE: _, ...env } = process.env;
    const app = spawn(join(folder, '.venv', 'bin', 'python'), ['app.py'], {
      cwd: join(folder, 'web'),
      env: { ...env, PROMPTBIN_PORT: String(port) },
      stdio: 'ignore',
    });
    const url = `http://127.0.0.1:${port}`;
    await until(
      () => fetch(`${url}/health`).catch(() => undefined),
      (response) => response?.ok === true,
      'the app answers',
    );
    expect(await getJson<Health>(url, '/health')).toMatchObject({ mode: 'standalone' });
    expect(await getJson(url, '/mcp-status')).toMatchObject({ managed: false, manager_pid: null });
    const ended = new Promise((resolve) => app.once('exit', resolve));
    app.kill('SIGTERM');
    expect(await ended).toBe(0);
  });
});
