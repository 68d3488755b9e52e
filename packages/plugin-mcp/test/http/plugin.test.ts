import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { defineConfig } from '@promptbin/core';
import { expect, test } from 'vitest';
import { type Managed, manage } from '../../../../test-support/manage.ts';
import { accepts, canBind, freePort, listen } from '../../../core/test/support/network.ts';
import { type McpOptions, mcp } from '../../src/index.ts';
import { eras } from '../support/connect.ts';
import { clientsOf } from '../support/http.ts';

const configOf = (http: McpOptions['http']) =>
  defineConfig({ plugins: [mcp({ http })], processes: { web: { command: 'sleep 60', autostart: false } } });

async function serving(run: Managed): Promise<{ url: string; tokenFile: string }> {
  await expect.poll(() => run.eventsOf('mcp.serving').length).toBeGreaterThan(0);
  return run.eventsOf('mcp.serving').at(-1) as { url: string; tokenFile: string };
}

test.each(eras)('the manager itself serves agents over HTTP, in the %s era, until it closes', async (era) => {
  await using run = await manage(configOf({ port: 0 }));
  await run.manager.start();
  const { url, tokenFile } = await serving(run);
  expect(tokenFile).toBe(join(run.root, '.promptbin', 'token'));
  expect((await stat(tokenFile)).mode & 0o777).toBe(0o600);
  const { connect } = clientsOf(url, (await readFile(tokenFile, 'utf8')).trim());
  await using connection = await connect(era);
  expect(await connection.tool('start_process', { name: 'web' })).toMatchObject({ facts: { ready: true } });
  expect(run.manager.process('web').view.ready).toBe(true);
  await run.manager.close();
  expect(await canBind(Number(new URL(url).port))).toBe(true);
});

test.each(eras)('who waits while it closes is answered, in the %s era', async (era) => {
  await using run = await manage(configOf({ port: 0 }));
  await run.manager.start(['web']);
  const { url, tokenFile } = await serving(run);
  const { connect } = clientsOf(url, (await readFile(tokenFile, 'utf8')).trim());
  await using connection = await connect(era);
  const under = Promise.withResolvers<void>();
  const exited = connection.client.callTool(
    { name: 'wait_for_process', arguments: { name: 'web', until: 'exited' } },
    { onprogress: () => under.resolve() },
  );
  await under.promise;
  await run.manager.close();
  expect((await exited).structuredContent).toMatchObject({ met: true, phase: 'stopped' });
});

test('a port that is taken is a fault that names the holder, and no failed boot', async () => {
  const { port } = await listen();
  await using run = await manage(configOf({ port }));
  await run.manager.start();
  await expect.poll(() => run.eventsOf('mcp.serverFault').length).toBe(1);
  const [fault] = run.eventsOf('mcp.serverFault');
  expect(fault).toMatchObject({ host: '127.0.0.1', port });
  const held = process.platform === 'linux' ? `held by pid ${process.pid} (` : 'taken';
  expect(fault?.message).toContain(`MCP is not served at 127.0.0.1, port ${port}: the port is ${held}`);
  expect(await run.manager.process('web').start()).toMatchObject({ ready: true });
});

test('a reload moves it, and takes it away', async () => {
  const [first, second] = [await freePort(), await freePort()];
  await using run = await manage(configOf({ port: first }));
  await run.manager.start();
  expect((await serving(run)).url).toBe(`http://127.0.0.1:${first}/mcp`);
  await run.manager.reload(configOf({ port: second }));
  await expect.poll(() => accepts(second)).toBe(true);
  expect(await canBind(first)).toBe(true);
  await run.manager.reload(configOf(false));
  expect(await canBind(second)).toBe(true);
});

test.each([
  ['another machine', { host: '0.0.0.0' }, 'plugins[0].http.host is "0.0.0.0"'],
  ['no port', { port: 70_000 }, 'plugins[0].http.port is 70000'],
])('%s is a mistake of the config', async (_, http, told) => {
  await expect(manage(configOf(http as { port: number }))).rejects.toMatchObject({
    code: 'PB_CONFIG_INVALID',
    message: expect.stringContaining(told),
  });
});
