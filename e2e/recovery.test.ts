import { beforeAll, describe, expect, test } from 'vitest';
import { isAlive } from '../test-support/alive.ts';
import { connectAgent } from './support/agent.ts';
import { promptbin, promptbinJson, statusOf } from './support/cli.ts';
import { configureExample, copyExample, setUpPython } from './support/example.ts';
import { until } from './support/until.ts';

beforeAll(setUpPython, 180_000);

describe('recovery', () => {
  test('SIGKILL of the whole tree: back and healthy at the same URL, one restart, clients notified', async () => {
    const folder = await copyExample();
    await configureExample(folder);
    const agent = await connectAgent(folder);
    const { facts: before } = await agent.call('start_process', { name: 'web' });
    await agent.client.listen({ resourceSubscriptions: ['promptbin://processes', 'promptbin://flask-status'] });
    process.kill(-Number(before.pid), 'SIGKILL');
    await agent.arrived(({ method, params }) => method.endsWith('updated') && params?.uri === 'promptbin://processes');
    const after = await until(
      async () => (await agent.call('get_process', { name: 'web' })).facts,
      (facts) => facts.ready && facts.generation === 2,
      'the app is back',
    );
    expect(after).toMatchObject({ url: before.url, restarts: 1 });
    expect(after.pid).not.toBe(before.pid);
    expect(await (await fetch(`${after.url}/health`)).json()).toMatchObject({ status: 'healthy' });
    expect(await agent.resource('promptbin://flask-status')).toMatchObject({ pid: after.pid, restarts: 1 });
    await agent.client.close();
  });

  test('quick crashes: failed, `why` says crash loop with the last lines of the app; `start` clears it', async () => {
    const folder = await copyExample();
    await configureExample(folder);
    const up = promptbin(folder, ['up']);
    await up.prints(/web\s+http:/);
    const crashes = new Set<number>();
    const failed = await until(
      async () => {
        const status = await statusOf(folder, 'web');
        if (status.ready && status.pid !== undefined && !crashes.has(status.generation)) {
          crashes.add(status.generation);
          await fetch(`${status.url}/_test/crash`).catch(() => undefined);
        }
        return status;
      },
      ({ phase }) => phase === 'failed',
      'it gives up',
    );
    expect(crashes.size).toBe(5);
    expect(failed).toMatchObject({ restarts: 4, cause: { code: 'crashLoop' } });
    const why = await promptbin(folder, ['why', 'web']).finished;
    expect(why.stdout).toContain('crashing on request');
    const { json } = await promptbinJson(folder, 'why', 'web');
    expect(json).toMatchObject({ verdict: 'down', cause: { code: 'crashLoop' } });
    expect(json.next).toContain('promptbin start web');

    const started = await promptbinJson(folder, 'start', 'web');
    expect(started).toMatchObject({ code: 0, json: { ok: true } });
    expect(started.json.processes?.[0]).toMatchObject({ ready: true });
    expect(started.json.processes?.[0]).not.toHaveProperty('cause');
    up.child.kill('SIGINT');
    expect(await up.finished).toMatchObject({ code: 0 });
  });

  test('an app that stops answering is ended and replaced, and the cause says so', async () => {
    const folder = await copyExample();
    await configureExample(folder);
    const agent = await connectAgent(folder);
    const { facts: before } = await agent.call('start_process', { name: 'web' });
    process.kill(-Number(before.pid), 'SIGSTOP');
    const after = await until(
      async () => (await agent.call('get_process', { name: 'web' })).facts,
      (facts) => facts.ready && facts.generation === 2,
      'the hung app is replaced',
    );
    expect(isAlive(Number(before.pid))).toBe(false);
    expect(after.restarts).toBe(1);
    const { facts } = await agent.call<{ chain: { text: string }[] }>('explain_process', { name: 'web' });
    expect(facts.chain.map(({ text }) => text).join('\n')).toMatch(/no answer within 1 s/);
    await agent.client.close();
  });

  test('an app that turns bad and answers 503 is replaced too', async () => {
    const folder = await copyExample();
    await configureExample(folder);
    const agent = await connectAgent(folder);
    const { facts: before } = await agent.call('start_process', { name: 'web' });
    await fetch(`${before.url}/_test/unhealthy`);
    const after = await until(
      async () => (await agent.call('get_process', { name: 'web' })).facts,
      (facts) => facts.ready && facts.generation === 2,
      'the sick app is replaced',
    );
    expect(await (await fetch(`${after.url}/health`)).json()).toMatchObject({ status: 'healthy' });
    const { facts } = await agent.call<{ chain: { text: string }[] }>('explain_process', { name: 'web' });
    expect(facts.chain.map(({ text }) => text).join('\n')).toMatch(/503/);
    await agent.client.close();
  });
});
