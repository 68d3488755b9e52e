import { once } from 'node:events';
import { connect } from 'node:net';
import { defineConfig } from '@promptbin/core';
import { describe, expect, it } from 'vitest';
import { manage } from '../../../../test-support/manage.ts';
import { accepts, canBind, freePort, listen } from '../../../core/test/support/network.ts';
import { health } from '../../src/index.ts';
import { MetricsServer } from '../../src/metrics/server.ts';

const configOf = (port: number) => defineConfig({ plugins: [health({ metrics: { port } })], processes: {} });
const listening = (port: number) => expect.poll(() => accepts(port)).toBe(true);

/** The whole answer to a request as it is written, until the server ends the connection. */
async function ask(port: number, ...lines: readonly string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  await once(socket, 'close');
  return answer;
}

describe('GET /metrics', () => {
  it('answers with the text for Prometheus, ends the connection, and frees the port at the end', async () => {
    const port = await freePort();
    {
      await using run = await manage(configOf(port));
      await run.manager.start();
      await listening(port);
      const answer = await ask(port, 'GET /metrics HTTP/1.1', `Host: localhost:${port}`);
      expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
      expect(answer.toLowerCase()).toContain('\r\ncontent-type: text/plain; version=0.0.4; charset=utf-8\r\n');
      expect(answer).toContain('# TYPE promptbin_manager_uptime_seconds gauge\npromptbin_manager_uptime_seconds ');
    }
    expect(await canBind(port)).toBe(true);
  });

  it.each([
    ['a name of the web', 'GET /metrics HTTP/1.1', 'evil.example', '403'],
    ['a name that begins like loopback', 'GET /metrics HTTP/1.1', '127.0.0.1.evil.example', '403'],
    ['no name', 'GET /metrics HTTP/1.0', undefined, '403'],
    ['another path', 'GET /metric HTTP/1.1', '127.0.0.1', '404'],
    ['another method', 'POST /metrics HTTP/1.1', '127.0.0.1', '405'],
    ['IPv6', 'GET /metrics HTTP/1.1', '[::1]:9', '200'],
    ['a query', 'GET /metrics?name=up HTTP/1.1', '127.0.0.1:9', '200'],
  ])('%s', async (_, request, host, status) => {
    const port = await freePort();
    await using run = await manage(configOf(port));
    await run.manager.start();
    await listening(port);
    const answer = await ask(port, request, ...(host === undefined ? [] : [`Host: ${host}`]));
    expect(answer.split(' ')[1]).toBe(status);
    if (status === '405') expect(answer.toLowerCase()).toContain('\r\nallow: get\r\n');
  });

  it('closes at once, although a client holds a connection open and says nothing', async () => {
    const port = await freePort();
    const server = new MetricsServer(async () => ({ contentType: 'text/plain', text: '' }));
    await server.listen({ host: '127.0.0.1', port });
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    await server.close();
    if (!socket.closed) await once(socket, 'close');
    expect(await canBind(port)).toBe(true);
  });

  it('answers 500 when there is nothing to tell, and goes on', async () => {
    const port = await freePort();
    let fails = true;
    const server = new MetricsServer(async () => {
      if (fails) throw new Error('no');
      return { contentType: 'text/plain', text: 'up 1\n' };
    });
    await server.listen({ host: '127.0.0.1', port });
    const request = ['GET /metrics HTTP/1.1', 'Host: 127.0.0.1'];
    expect(await ask(port, ...request)).toMatch(/^HTTP\/1\.1 500 /);
    fails = false;
    expect(await ask(port, ...request)).toMatch(/\r\n\r\nup 1\n$/);
    await server.close();
  });
});

it('a port that is taken is a fault that names the holder, and no failed boot', async () => {
  const { port } = await listen();
  await using run = await manage(configOf(port));
  await run.manager.start();
  await expect.poll(() => run.eventsOf('metrics.serverFault').length).toBe(1);
  const [fault] = run.eventsOf('metrics.serverFault');
  expect(fault).toMatchObject({ host: '127.0.0.1', port });
  const held = process.platform === 'linux' ? `held by pid ${process.pid} (` : 'taken';
  expect(fault?.message).toContain(`/metrics is not served at 127.0.0.1, port ${port}: the port is ${held}`);
});

it('a reload moves it to another port', async () => {
  const [first, second] = [await freePort(), await freePort()];
  await using run = await manage(configOf(first));
  await run.manager.start();
  await listening(first);
  await run.manager.reload(configOf(second));
  await listening(second);
  expect(await canBind(first)).toBe(true);
  await run.manager.reload(defineConfig({ plugins: [health()], processes: {} }));
  expect(await canBind(second)).toBe(true);
});
