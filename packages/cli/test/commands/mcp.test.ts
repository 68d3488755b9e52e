import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { isAlive } from '../../src/control/alive.ts';
import { fixture, Project, type Run } from '../project.ts';

let project: Project;
afterEach(() => project[Symbol.asyncDispose]());

const web = { command: fixture('server'), port: 'auto' } as const;

/** An agent that speaks the protocol by hand. */
class Agent {
  readonly run: Run;
  readonly #answers = new Map<number, (result: Record<string, unknown>) => void>();
  #id = 0;

  constructor(run: Run) {
    this.run = run;
    if (run.child.stdout === null) throw new Error('no stdout');
    createInterface({ input: run.child.stdout }).on('line', (line) => {
      const { id, result } = JSON.parse(line);
      this.#answers.get(id)?.(result);
    });
  }

  request(method: string, params: object): Promise<Record<string, unknown>> {
    const id = ++this.#id;
    const { promise, resolve } = Promise.withResolvers<Record<string, unknown>>();
    this.#answers.set(id, resolve);
    this.run.child.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    return promise;
  }

  async initialize(): Promise<Record<string, unknown>> {
    const clientInfo = { name: 'a test', version: '0' };
    const result = await this.request('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo });
    this.run.child.stdin?.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
    return result;
  }

  call(name: string, args: object = {}): Promise<Record<string, unknown>> {
    return this.request('tools/call', { name, arguments: args });
  }
}

describe('mcp', () => {
  test('starts a manager for its clients, which ends with the last of them', async () => {
    project = await Project.create({ web });
    const agents = [new Agent(project.spawn(['mcp'])), new Agent(project.spawn(['mcp']))];
    for (const agent of agents) {
      await agent.initialize();
      expect(await agent.call('start_process', { name: 'web' })).toMatchObject({
        structuredContent: { name: 'web', ready: true, generation: 1 },
      });
    }
    const { manager, processes } = await project.status();
    expect(manager.ephemeral).toBe(true);
    const logs = await agents[0]?.call('read_logs', { name: 'web' });
    expect(JSON.stringify(logs)).toContain('mode mcp-managed');

    agents[0]?.run.child.stdin?.end();
    expect((await agents[0]?.run.finished)?.code).toBe(0);
    expect(await agents[1]?.call('get_process', { name: 'web' })).toMatchObject({ structuredContent: { ready: true } });
    agents[1]?.run.child.kill('SIGKILL');
    while (isAlive(manager.pid)) await sleep(50);
    expect(isAlive(processes[0]?.pid ?? 0)).toBe(false);
  });

  test('attaches to a manager that runs, which stays when it goes', async () => {
    project = await Project.create({ web });
    await project.run('up', '--detach');
    const agent = new Agent(project.spawn(['mcp']));
    await agent.initialize();
    expect(await agent.call('list_processes')).toMatchObject({ structuredContent: { processes: [{ name: 'web' }] } });
    agent.run.child.stdin?.end();
    await agent.run.finished;
    expect((await project.status()).manager.ephemeral).toBe(false);
  });

  test.for([['--detach'], []])('a manager that it has started stays when somebody has run up %o', async (flags) => {
    project = await Project.create({ web });
    await using other = await Project.create({ web });
    const [agent, passing] = [new Agent(project.spawn(['mcp'])), new Agent(other.spawn(['mcp']))];
    for (const one of [agent, passing]) {
      await one.initialize();
      await one.call('start_process', { name: 'web' });
    }
    const left = (await other.manager()) ?? 0;
    const up = project.spawn(['up', ...flags]);
    if (flags.length > 0) await up.finished;
    else await up.says(/Attached to the manager/, 'stderr');
    while ((await project.status()).manager.ephemeral) await sleep(20);
    up.child.kill('SIGINT');
    await up.finished;
    agent.run.child.stdin?.end();
    await agent.run.finished;
    // The grace that both would have has passed when the other one has ended.
    passing.run.child.stdin?.end();
    while (isAlive(left)) await sleep(50);
    expect((await project.status()).manager).toMatchObject({ state: 'running', ephemeral: false });
  });

  test('answers with a broken config, says what is wrong, and takes the mended one', async () => {
    project = await Project.create({ web });
    await project.configure('{"processes":{"web":{"command":7}}}');
    const agent = new Agent(project.spawn(['mcp']));
    expect(await agent.initialize()).toMatchObject({ serverInfo: { name: expect.any(String) } });
    const broken = await agent.call('list_processes');
    expect(broken).toMatchObject({ isError: true });
    expect(JSON.stringify(broken)).toMatch(/promptbin\.config\.json:1:\d+ {2}processes\.web\.command is 7/);
    await project.configure(JSON.stringify({ processes: { web } }));
    expect(await agent.call('start_process', { name: 'web' })).toMatchObject({ structuredContent: { ready: true } });
    agent.run.child.stdin?.end();
    expect((await agent.run.finished).code).toBe(0);
  });

  test('without a config it says so', async () => {
    project = await Project.create({});
    const agent = new Agent(project.spawn(['mcp', '--config', 'none.json']));
    await agent.initialize();
    expect(JSON.stringify(await agent.call('list_processes'))).toContain('none.json');
    agent.run.child.stdin?.end();
    await agent.run.finished;
  });

  test('leaves down what a person has stopped, until it is told to start', async () => {
    project = await Project.create({ web });
    const agent = new Agent(project.spawn(['mcp']));
    await agent.initialize();
    await agent.call('start_process', { name: 'web' });
    expect((await project.run('down')).code).toBe(0);
    expect(await agent.call('list_processes')).toMatchObject({ isError: true });
    expect((await project.run('ps')).code).toBe(3);
    expect(await agent.call('start_process', { name: 'web' })).toMatchObject({ structuredContent: { ready: true } });
    agent.run.child.stdin?.end();
    await agent.run.finished;
  });
});

describe('mcp --http', () => {
  const message = (id: number, method: string, params: object): string =>
    JSON.stringify({ jsonrpc: '2.0', id, method, params });

  test('serves agents over HTTP until it is told to end, and starts a manager that ends with it', async () => {
    project = await Project.create({ web });
    const run = project.spawn(['mcp', '--http', '0']);
    await run.says(/MCP is served at \S+; the bearer token is in \S+;/, 'stderr');
    const [, url = '', file = ''] = /at (\S+); the bearer token is in (\S+);/.exec(run.stderr) ?? [];
    expect(file).toBe(join(project.root, '.promptbin', 'token'));
    const headers: Record<string, string> = {
      authorization: `Bearer ${(await readFile(file, 'utf8')).trim()}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    };
    const clientInfo = { name: 'a test', version: '0' };
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo };
    const begun = await fetch(url, { method: 'POST', headers, body: message(1, 'initialize', params) });
    expect(await begun.text()).toContain('"serverInfo"');
    headers['mcp-session-id'] = begun.headers.get('mcp-session-id') ?? '';
    const body = message(2, 'tools/call', { name: 'start_process', arguments: { name: 'web' } });
    expect(await (await fetch(url, { method: 'POST', headers, body })).text()).toContain('"ready":true');
    const { manager } = await project.status();
    expect(manager.ephemeral).toBe(true);
    run.child.kill('SIGTERM');
    expect(await run.finished).toMatchObject({ code: 0, stdout: '' });
    while (isAlive(manager.pid)) await sleep(50);
  });

  test('a port that is none, or that is taken, is told', async () => {
    project = await Project.create({ web });
    expect(await project.run('mcp', '--http', '70000')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("argument '70000' is invalid. It is not a port."),
    });
    const run = project.spawn(['mcp', '--http', '0']);
    await run.says(/MCP is served/, 'stderr');
    const [, port = ''] = /:(\d+)\/mcp/.exec(run.stderr) ?? [];
    expect(await project.run('mcp', '--http', port)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`MCP is not served at 127.0.0.1, port ${port}: the port is taken.`),
    });
    run.child.kill('SIGINT');
    expect((await run.finished).code).toBe(0);
  });
});
