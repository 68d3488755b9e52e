import { once } from 'node:events';
import { chmod, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { serveHttp } from '../../src/index.ts';
import { createScriptedPort } from '../fixtures/scripted-port.ts';
import { serve, temporaryFolder } from '../support/http.ts';

const list = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}';

/** By hand, because fetch sets the host itself. */
async function ask(
  url: string,
  headers: Record<string, string>,
): Promise<{ status: number | undefined; body: string }> {
  const sent = request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
  }).end(list);
  const [response] = await once(sent, 'response');
  return { status: response.statusCode, body: await text(response) };
}

describe('who is let in', () => {
  test.each([
    ['nobody without a token', undefined],
    ['nobody with another token', 'Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
    ['nobody with a part of the token', (token: string) => `Bearer ${token.slice(0, -1)}`],
    ['nobody with more than the token', (token: string) => `Bearer ${token}x`],
    ['nobody by another scheme', (token: string) => `Basic ${token}`],
    ['nobody with a token that is none', 'Bearer'],
  ])('%s', async (_, authorization) => {
    const { service, token, send } = await serve();
    const given = typeof authorization === 'function' ? authorization(token) : authorization;
    const response = await fetch(service.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(given === undefined ? {} : { authorization: given }) },
      body: list,
    });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="promptbin"');
    const body = await response.text();
    expect(JSON.parse(body)).toMatchObject({ jsonrpc: '2.0', id: null, error: { message: expect.any(String) } });
    expect(body).not.toContain(token);
    expect((await send({ body: list })).status).toBe(400);
  });

  test.each([
    ['another host', { host: 'attacker.example' }, 403],
    ['a host that begins like loopback', { host: '127.0.0.1.attacker.example' }, 403],
    ['a web page', { origin: 'https://attacker.example' }, 403],
    ['a page without an origin', { origin: 'null' }, 403],
    ['a page of this machine', { origin: 'http://localhost:8080' }, 400],
    ['this machine by another name', { host: 'localhost:1' }, 400],
  ])('%s, with the token', async (_, headers, status) => {
    const { service, token } = await serve();
    const answer = await ask(service.url, { authorization: `Bearer ${token}`, ...headers });
    expect(answer.status).toBe(status);
  });

  test('there is nothing but /mcp', async () => {
    const { send } = await serve();
    for (const path of ['/', '/mcp/', '/mcp/../etc/passwd', '/.well-known/oauth-authorization-server']) {
      expect((await send({ body: list }, path)).status).toBe(404);
    }
  });
});

describe('the token', () => {
  test('is made once, for the owner alone, however many come at the same time', async () => {
    const tokenFile = join(await temporaryFolder(), 'token');
    const serving = () => serveHttp({ port: createScriptedPort(), version: '1', http: { port: 0 }, tokenFile });
    const services = await Promise.all(Array.from({ length: 8 }, serving));
    for (const service of services) onTestFinished(() => service.close());
    expect((await stat(tokenFile)).mode & 0o777).toBe(0o600);
    const authorization = `Bearer ${(await readFile(tokenFile, 'utf8')).trim()}`;
    for (const { url } of services) expect((await ask(url, { authorization })).status).toBe(400);
  });

  test.each([
    ['is open to other users', async (file: string) => chmod(file, 0o640)],
    ['is a link', async (file: string) => symlink('elsewhere', `${file}.link`).then(() => `${file}.link`)],
    ['does not hold a token', async (file: string) => writeFile(file, 'short\n')],
    ['does not hold a token', async (file: string) => writeFile(file, '')],
  ])('one that %s is refused', async (what, spoil) => {
    const file = join(await temporaryFolder(), 'token');
    await writeFile(file, `${'t'.repeat(43)}\n`, { mode: 0o600 });
    const tokenFile = (await spoil(file)) ?? file;
    await expect(
      serveHttp({ port: createScriptedPort(), version: '1', http: { port: 0 }, tokenFile }),
    ).rejects.toMatchObject({
      code: 'PB_MCP_HTTP',
      message: `The token file ${tokenFile} ${what}.`,
    });
  });
});

test('a token file that cannot be made is told', async () => {
  const tokenFile = join(await temporaryFolder(), 'nowhere', 'token');
  const serving = serveHttp({ port: createScriptedPort(), version: '1', http: { port: 0 }, tokenFile });
  await expect(serving).rejects.toMatchObject({
    code: 'PB_MCP_HTTP',
    message: expect.stringContaining(`The token file ${tokenFile} cannot be made: ENOENT`),
  });
});

describe('the address', () => {
  test.each(['0.0.0.0', '192.168.0.1', '::', 'example.com'])('%s is refused', async (host) => {
    const tokenFile = join(await temporaryFolder(), 'token');
    const http = { host: host as 'localhost', port: 0 };
    await expect(serveHttp({ port: createScriptedPort(), version: '1', http, tokenFile })).rejects.toMatchObject({
      code: 'PB_MCP_HTTP',
      message: expect.stringContaining('other machines are not served'),
    });
  });

  test('a port that is taken is told', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const address = other.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const tokenFile = join(await temporaryFolder(), 'token');
    const serving = serveHttp({ port: createScriptedPort(), version: '1', http: { port: port ?? 0 }, tokenFile });
    await expect(serving).rejects.toMatchObject({
      code: 'PB_MCP_HTTP',
      message: `MCP is not served at 127.0.0.1, port ${port}: the port is taken.`,
      cause: { code: 'EADDRINUSE' },
    });
  });
});
