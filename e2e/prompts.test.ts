import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { type Agent, connectAgent } from './support/agent.ts';
import { copyExample, setUpPython } from './support/example.ts';
import { api, type Prompt, startWeb } from './support/prompts.ts';

beforeAll(setUpPython, 180_000);

const listUri = 'promptbin://prompts';
const updatesOf = (agent: Agent, uri: string): number =>
  agent.pushed.filter(({ method, params }) => method === 'notifications/resources/updated' && params?.uri === uri)
    .length;

test('agents and the app keep the same prompts, and agents hear of what the app changes', async () => {
  const folder = await copyExample();
  const agent = await connectAgent(folder, { era: 'legacy' });
  const url = await startWeb(agent);
  await agent.client.subscribeResource({ uri: listUri });

  const { facts: mine } = await agent.call<Prompt>('create_prompt', { title: 'Größe 🙂', body: 'a\r\nb', tags: ['x'] });
  const { json: seen } = await api(url, 'GET', `/api/prompts/${mine.id}`);
  expect(seen).toMatchObject({ title: 'Größe 🙂', body: 'a\nb', tags: ['x'], version: mine.version });
  await agent.arrived(({ params }) => params?.uri === listUri);
  const logs = async (): Promise<string> => (await agent.call('read_logs', { name: 'web' })).text;
  await expect.poll(logs, { timeout: 30_000 }).toContain('POST /changed 204');

  const before = updatesOf(agent, listUri);
  const { json: theirs } = await api(url, 'POST', '/api/prompts', { body: { title: 'Theirs', body: 'text' } });
  await expect.poll(() => updatesOf(agent, listUri), { timeout: 30_000 }).toBeGreaterThan(before);
  const listed = (await agent.resource(listUri)) as { prompts: readonly Prompt[] };
  expect(listed.prompts.map(({ id }) => id)).toEqual([theirs.id, mine.id]);
  expect(await agent.resource(`${listUri}/${theirs.id}`)).toMatchObject(theirs);
  const { resources } = await agent.client.listResources();
  expect(resources).toContainEqual(expect.objectContaining({ uri: `${listUri}/${theirs.id}`, title: 'Theirs' }));

  await agent.client.subscribeResource({ uri: `${listUri}/${mine.id}` });
  const changed = await api(url, 'PUT', `/api/prompts/${mine.id}`, {
    body: { title: 'New', body: 'c' },
    version: mine.version,
  });
  expect(changed.status).toBe(200);
  await expect.poll(() => updatesOf(agent, `${listUri}/${mine.id}`), { timeout: 30_000 }).toBeGreaterThan(0);

  const stale = await agent.call('update_prompt', { id: mine.id, version: mine.version, title: 'Lost' });
  expect(stale).toMatchObject({
    isError: true,
    facts: { error: { code: 'PB_COMMAND_INPUT' }, current: { title: 'New' } },
  });
  expect((await agent.call('delete_prompt', { id: theirs.id, version: theirs.version })).isError).toBe(false);
  expect((await api(url, 'GET', `/api/prompts/${theirs.id}`)).status).toBe(404);
  await agent.client.close();
});

test('agents keep prompts while the app is down, and the app has them when it is up', async () => {
  const folder = await copyExample();
  const agent = await connectAgent(folder);
  await startWeb(agent);
  expect((await agent.call('stop_process', { name: 'web' })).isError).toBe(false);
  const { facts, isError } = await agent.call<Prompt>('create_prompt', { title: 'Night shift', body: 'text' });
  expect(isError).toBe(false);
  expect((await agent.call('search_prompts', { query: 'night' })).facts).toMatchObject({ prompts: [{ id: facts.id }] });
  const url = await startWeb(agent);
  expect((await api(url, 'GET', `/api/prompts/${facts.id}`)).json).toMatchObject({
    title: 'Night shift',
    version: facts.version,
  });
  await agent.client.close();
});

test('writers from both sides lose nothing', async () => {
  const folder = await copyExample();
  const [first, second] = await Promise.all([connectAgent(folder), connectAgent(folder)]);
  const url = await startWeb(first);
  const { facts: shared } = await first.call<Prompt>('create_prompt', { title: 'Shared', body: 'start' });
  const added = (name: string): readonly string[] => Array.from({ length: 25 }, (_, number) => `${name} ${number}`);
  let conflicts = 0;

  /** Adds lines one by one, each to the text as it was just read. */
  const addAll = async (
    lines: readonly string[],
    read: () => Promise<Prompt>,
    write: (body: string, seen: Prompt) => Promise<boolean>,
  ): Promise<void> => {
    for (const line of lines) {
      for (;;) {
        const seen = await read();
        if (await write(`${seen.body}\n${line}`, seen)) break;
        conflicts += 1;
      }
    }
  };
  const byAgent = (agent: Agent, name: string): Promise<void> =>
    addAll(
      added(name),
      async () => (await agent.call<Prompt>('get_prompt', { id: shared.id })).facts,
      async (body, { version }) => {
        const { facts, isError } = await agent.call('update_prompt', { id: shared.id, body, version });
        if (isError) expect(facts).toMatchObject({ error: { code: 'PB_COMMAND_INPUT' } });
        return !isError;
      },
    );
  const byHttp = (name: string): Promise<void> =>
    addAll(
      added(name),
      async () => (await api(url, 'GET', `/api/prompts/${shared.id}`)).json,
      async (body, { title, version }) => {
        const { status } = await api(url, 'PUT', `/api/prompts/${shared.id}`, { body: { title, body }, version });
        expect([200, 412]).toContain(status);
        return status === 200;
      },
    );
  await Promise.all([byAgent(first, 'a'), byAgent(second, 'b'), byHttp('c'), byHttp('d')]);

  const { json } = await api(url, 'GET', `/api/prompts/${shared.id}`);
  const expected = ['start', ...['a', 'b', 'c', 'd'].flatMap(added)];
  expect(json.body.split('\n').sort()).toEqual(expected.sort());
  expect(conflicts).toBeGreaterThan(0);
  expect(await readdir(join(folder, 'data'))).toEqual([`${shared.id}.json`]);
  await Promise.all([first.client.close(), second.client.close()]);
}, 180_000);
