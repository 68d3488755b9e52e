import { beforeAll, describe, expect, test } from 'vitest';
import { connectAgent } from './support/agent.ts';
import { promptbin, promptbinJson, statusOf } from './support/cli.ts';
import { configureExample, copyExample, setUpPython } from './support/example.ts';
import { occupy } from './support/ports.ts';
import { processesOf } from './support/processes.ts';

beforeAll(setUpPython, 180_000);

describe('ports', () => {
  test('taken: the next free one, told everywhere alike', async () => {
    const folder = await copyExample();
    await using taken = await occupy();
    await configureExample(folder, { port: taken.port as number });
    const agent = await connectAgent(folder);
    const { facts } = await agent.call('start_process', { name: 'web' });
    expect(facts.port).toBeGreaterThan(taken.port);
    expect(facts.url).toBe(`http://127.0.0.1:${facts.port}`);
    expect(await agent.resource('promptbin://flask-status')).toMatchObject({ port: facts.port });
    expect(await statusOf(folder, 'web')).toMatchObject({ port: facts.port, url: facts.url });
    expect(await (await fetch(`${facts.url}/health`)).json()).toMatchObject({ status: 'healthy' });
    await agent.client.close();
  });

  test('taken and strict: failed, naming the holder', async () => {
    const folder = await copyExample();
    await using taken = await occupy();
    await configureExample(folder, { port: { preferred: taken.port, strict: true } });
    const agent = await connectAgent(folder);
    const { facts, isError } = await agent.call('start_process', { name: 'web' });
    expect(isError).toBe(true);
    expect(facts).toMatchObject({ phase: 'failed', cause: { code: 'portInUse' } });
    expect(facts.cause?.message).toContain(`port ${taken.port} is held by pid ${process.pid}`);
    await agent.client.close();
  });

  test('two managers in the same instant: one manager, one app', async () => {
    const folder = await copyExample();
    await configureExample(folder);
    const runs = [promptbin(folder, ['up']), promptbin(folder, ['up'])];
    await Promise.all(runs.map((run) => run.prints(/web\s+http:/)));
    const { json } = await promptbinJson(folder, 'ps');
    const owner = runs.find(({ child }) => child.pid === json.manager?.pid);
    const attached = runs.find((run) => run !== owner);
    expect(owner).toBeDefined();
    const gunicorns = processesOf(folder).filter(({ command }) => command.includes('gunicorn'));
    // The master and its one worker.
    expect(gunicorns).toHaveLength(2);
    attached?.child.kill('SIGINT');
    expect(await attached?.finished).toMatchObject({ code: 0 });
    expect(await statusOf(folder, 'web')).toMatchObject({ ready: true, generation: 1 });
    owner?.child.kill('SIGINT');
    expect(await owner?.finished).toMatchObject({ code: 0 });
    expect(processesOf(folder)).toEqual([]);
  });
});
