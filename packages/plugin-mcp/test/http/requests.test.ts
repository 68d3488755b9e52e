import { request } from 'node:http';
import { expect, test } from 'vitest';
import { serve } from '../support/http.ts';

const list = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}';

test.each([
  ['more than 4 MiB', { body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'x'.repeat(4 * 1024 * 1024) }) }, 413],
  ['what is not JSON', { body: '{"jsonrpc":' }, 400],
  ['nothing', { body: '' }, 400],
  ['another type of content', { body: list, headers: { 'content-type': 'text/plain' } }, 415],
  ['an answer that would not be taken', { body: list, headers: { accept: 'text/html' } }, 400],
  ['a revision that there is not', { body: list, headers: { 'mcp-protocol-version': '1999-01-01' } }, 400],
  ['PUT', { method: 'PUT', body: list }, 400],
  ['PATCH', { method: 'PATCH', body: list }, 400],
  ['OPTIONS', { method: 'OPTIONS' }, 400],
  ['HEAD', { method: 'HEAD' }, 400],
])('%s is refused, and the next request is answered', async (_, init, status) => {
  const { send, connect } = await serve();
  expect((await send(init)).status).toBe(status);
  await using connection = await connect('modern');
  expect(await connection.tool('get_process', { name: 'web' })).toMatchObject({ isError: false });
});

test('a body that never ends is not kept', async () => {
  const { service, token } = await serve();
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const sent = request(service.url, { method: 'POST', headers }, ({ statusCode }) => resolve(statusCode));
  sent.on('error', () => resolve(0));
  const chunk = Buffer.alloc(1024 * 1024, 'x');
  const before = process.memoryUsage.rss();
  for (let count = 0; count < 400; count += 1)
    if (!sent.write(chunk)) await new Promise((go) => sent.once('drain', go));
  expect(process.memoryUsage.rss() - before).toBeLessThan(250 * 1024 * 1024);
  sent.end();
  expect(await promise).toBe(413);
});
