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
