import { expect, test } from 'vitest';
import { connect, eras } from './support/connect.ts';

const levelsOf = (pushed: readonly { method: string; params?: Record<string, unknown> | undefined }[]): unknown[] =>
  pushed.filter(({ method }) => method === 'notifications/message').map(({ params }) => params?.level);

test('a legacy client hears warnings and worse, unless it asks for more', async () => {
  await using connection = await connect('legacy');
  const restart = (reason: string): Promise<unknown> => connection.tool('restart_process', { name: 'web', reason });
  await restart('burst');
  await restart('unhealthy');
  await restart('healthy');
  await restart('fail');
  const failed = await connection.arrived(({ params }) => params?.level === 'error');
  expect(failed.params).toMatchObject({
    logger: 'promptbin.broken',
    data: { message: expect.stringContaining('failed'), type: 'process.phase', seq: expect.any(Number) },
  });
  expect(levelsOf(connection.pushed)).toEqual(['warning', 'error']);

  await connection.client.setLoggingLevel('notice');
  await restart('unhealthy');
  await restart('healthy');
  const recovered = await connection.arrived(({ params }) => params?.level === 'notice');
  expect(recovered.params).toMatchObject({ logger: 'promptbin.web', data: { type: 'process.condition' } });

  await connection.client.setLoggingLevel('emergency');
  const before = connection.pushed.length;
  await restart('fail');
  await connection.client.setLoggingLevel('error');
  await restart('fail');
  await connection.arrived(() => connection.pushed.length > before);
  expect(connection.pushed).toHaveLength(before + 1);
});

test('a crash loop does not drown what a client is told of others: the first message of each, and then the last', async () => {
  await using connection = await connect('legacy');
  await connection.client.setLoggingLevel('info');
  const restart = (reason: string): Promise<unknown> => connection.tool('restart_process', { name: 'web', reason });
  await restart('burst');
  await restart('fail');
  const ofWeb = (): number[] =>
    connection.pushed
      .filter(({ params }) => params?.logger === 'promptbin.web')
      .map(({ params }) => Number(Object(params?.data).seq));
  await connection.arrived(({ params }) => params?.logger === 'promptbin.broken');
  await connection.arrived(() => ofWeb().at(-1) === 100);
  // Two when the machine is not busy, of a hundred.
  expect(ofWeb()[0]).toBe(1);
  expect(ofWeb().length).toBeLessThan(20);
});

test('a modern client gets no log messages that it has not asked for', async () => {
  await using connection = await connect('modern');
  expect(connection.client.getServerCapabilities()).not.toHaveProperty('logging');
  await connection.client.listen({ resourceSubscriptions: ['promptbin://processes/broken'] });
  await connection.tool('restart_process', { name: 'web', reason: 'fail' });
  await connection.arrived(({ method }) => method === 'notifications/resources/updated');
  expect(levelsOf(connection.pushed)).toEqual([]);
});

test.each(eras)('a start reports progress each second to a client that asks, in the %s era', async (era) => {
  await using connection = await connect(era);
  const seen: number[] = [];
  const { isError } = await connection.client.callTool(
    { name: 'start_process', arguments: { name: 'slow' } },
    { onprogress: ({ progress }) => seen.push(progress) },
  );
  expect(isError).toBeFalsy();
  // The script takes 2.5 s; a busy machine may drop ticks, but never turns back.
  expect(seen[0]).toBe(1);
  expect(seen).toEqual(seen.toSorted((one, other) => one - other));
  expect(new Set(seen).size).toBe(seen.length);
});

test.each(eras)('a call that is taken back aborts the command, in the %s era', async (era) => {
  await using connection = await connect(era);
  const controller = new AbortController();
  const call = connection.client.callTool(
    { name: 'start_process', arguments: { name: 'slow' } },
    { signal: controller.signal, onprogress: () => controller.abort('changed my mind') },
  );
  await expect(call).rejects.toThrow('changed my mind');
  const { facts } = await connection.tool('get_process', { name: 'web' });
  expect(facts.aborted).toBe(1);
});
