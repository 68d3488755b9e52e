import { describe, expect, test } from 'vitest';
import { connect as connectStdio, eras, subscribe } from '../support/connect.ts';
import { serve } from '../support/http.ts';

describe.each(eras)('over HTTP, a client of the %s era', (era) => {
  test('is offered and answered what it is over stdio', async () => {
    const { connect } = await serve();
    await using web = await connect(era);
    await using stdio = await connectStdio(era);
    for (const { client } of [web, stdio]) expect(client.getServerVersion()).toMatchObject({ version: '1.2.3' });
    expect(await web.client.listTools()).toEqual(await stdio.client.listTools());
    expect(await web.client.listResources()).toEqual(await stdio.client.listResources());
    expect(await web.tool('get_process', { name: 'web' })).toEqual(await stdio.tool('get_process', { name: 'web' }));
    expect(await web.tool('start_process', { name: 'broken' })).toMatchObject({ isError: true });
  });

  test('hears of progress while it waits', async () => {
    const { connect } = await serve();
    await using connection = await connect(era);
    const heard: number[] = [];
    const onprogress = ({ progress }: { progress: number }): void => void heard.push(progress);
    const call = { name: 'start_process', arguments: { name: 'slow' } };
    await connection.client.callTool(call, { onprogress });
    expect(heard).toEqual([1, 2]);
  });

  test('stops waiting when it takes a call back', async () => {
    const { connect } = await serve();
    await using connection = await connect(era);
    const abort = new AbortController();
    const call = { name: 'start_process', arguments: { name: 'slow' } };
    const onprogress = (): void => abort.abort();
    await expect(connection.client.callTool(call, { signal: abort.signal, onprogress })).rejects.toThrow();
    await expect.poll(async () => (await connection.tool('get_process', { name: 'web' })).facts.aborted).toBe(1);
  });

  test('hears of the resources that it has asked for, and of no others', async () => {
    const { connect } = await serve();
    await using connection = await connect(era);
    await subscribe(connection, era, 'promptbin://processes/web');
    await connection.tool('restart_process', { name: 'web', reason: 'fail' });
    await connection.tool('restart_process', { name: 'web', reason: 'unhealthy' });
    await connection.arrived(({ params }) => params?.uri === 'promptbin://processes/web');
    const uris = connection.pushed.flatMap(({ method, params }) => (method.endsWith('updated') ? [params?.uri] : []));
    expect(new Set(uris)).toEqual(new Set(['promptbin://processes/web']));
  });

  test('is told that there are other tools, and reads again after another manager has come', async () => {
    const { createScriptedPort } = await import('../fixtures/scripted-port.ts');
    const { connect } = await serve(createScriptedPort({ late: true }));
    await using connection = await connect(era);
    if (era === 'modern') await connection.client.listen({ toolsListChanged: true });
    await subscribe(connection, era, 'promptbin://processes');
    await connection.tool('restart_process', { name: 'web', reason: 'arrive' });
    await connection.arrived(({ method }) => method === 'notifications/tools/list_changed');
    expect((await connection.client.listTools()).tools.map(({ name }) => name)).toContain('come_late');
    await connection.tool('restart_process', { name: 'web', reason: 'successor' });
    await connection.arrived(({ params }) => params?.uri === 'promptbin://processes');
  });
});

test('a session hears log messages from the level that it has set', async () => {
  const { connect } = await serve();
  await using one = await connect('legacy');
  await using other = await connect('legacy');
  await one.client.setLoggingLevel('info');
  await one.tool('restart_process', { name: 'web', reason: 'burst' });
  await one.tool('restart_process', { name: 'web', reason: 'fail' });
  for (const { arrived } of [one, other]) await arrived(({ params }) => params?.level === 'error');
  const levels = (pushed: typeof one.pushed): Set<unknown> =>
    new Set(pushed.flatMap(({ method, params }) => (method === 'notifications/message' ? [params?.level] : [])));
  expect(levels(one.pushed)).toEqual(new Set(['info', 'error']));
  expect(levels(other.pushed)).toEqual(new Set(['error']));
});
