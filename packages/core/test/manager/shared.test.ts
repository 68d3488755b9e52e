import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Config, SharedInput } from '@promptbin/core';
import { expect, test } from 'vitest';
import { plugin } from '../support/plugins.ts';
import { testManager } from '../support/project.ts';

/** Prints the file that it was told, as it is at the start, and listens. */
const server = [
  process.execPath,
  '-e',
  `const { PROMPTBIN_CONFIG: file, PORT, PROMPTBIN_HOST } = process.env;
  console.log(file === undefined ? 'no file' : JSON.stringify(JSON.parse(require('fs').readFileSync(file, 'utf8'))));
  if (PORT) require('net').createServer().listen(Number(PORT), PROMPTBIN_HOST);`,
] as const;
const shared: SharedInput = { flask: { port: 0 }, logging: { level: 'WARNING' } };

test('a process finds the file complete when it starts: its own real address, mode, folder and project', async () => {
  const modes = plugin('modes', (ctx) => {
    ctx.hooks.env.tap('modes', (env) => ({ ...env, PROMPTBIN_MODE: 'mcp-managed' }));
  });
  const { manager, root } = await testManager({
    plugins: [modes],
    shared,
    processes: { web: { command: server, shared: 'flask', env: { PROMPTBIN_DATA_DIR: '/elsewhere' } } },
  });
  const { port } = await manager.process('web').start();
  const { lines } = manager.process('web').logs();
  expect(JSON.parse(lines[0]?.text ?? '')).toEqual({
    flask: { port, debug: false, host: '127.0.0.1' },
    logging: { level: 'WARNING', format: 'json' },
    runtime: { mode: 'mcp-managed', data_dir: '/elsewhere', project: root, manager_pid: process.pid },
  });
  expect(statSync(join(root, '.promptbin', 'shared.json')).mode & 0o777).toBe(0o600);
});

test('the file says the port that was free, not the one that was wished for', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port: wished } = taken.address() as { port: number };
  const { manager, root } = await testManager({
    shared: { flask: { port: wished } },
    processes: { web: { command: server, shared: 'flask' } },
  });
  const { port } = await manager.process('web').start();
  taken.close();
  expect(port).not.toBe(wished);
  expect(JSON.parse(readFileSync(join(root, '.promptbin', 'shared.json'), 'utf8'))).toMatchObject({ flask: { port } });
});

test('processes that start together all stand in the file with their own ports', async () => {
  const names = ['a', 'b', 'c', 'd'];
  const { manager, root } = await testManager({
    shared: Object.fromEntries(names.map((name) => [name, { port: 0 }])),
    processes: Object.fromEntries(names.map((name) => [name, { command: server, shared: name }])),
  });
  await manager.start();
  const views = await Promise.all(names.map((name) => manager.process(name).until('ready')));
  const expected = Object.fromEntries(views.map(({ name, port }) => [name, { port, host: '127.0.0.1' }]));
  expect(JSON.parse(readFileSync(join(root, '.promptbin', 'shared.json'), 'utf8'))).toMatchObject(expected);
});

test('without anything shared there is no file and no variable, not even that of an outer manager', async () => {
  const { manager, root } = await testManager(
    { processes: { web: { command: server, kind: 'job' } } },
    { env: { PATH: process.env.PATH, PROMPTBIN_CONFIG: '/outer/.promptbin/shared.json' } },
  );
  await manager.process('web').start();
  expect(manager.process('web').logs().lines[0]?.text).toBe('no file');
  expect(() => statSync(join(root, '.promptbin', 'shared.json'))).toThrow('ENOENT');
});

test('a file that cannot be written keeps the process from starting, and the cause names file and reason', async () => {
  const { manager, root } = await testManager({ shared, processes: { web: { command: server, shared: 'flask' } } });
  const file = join(root, '.promptbin', 'shared.json');
  mkdirSync(join(file, 'in the way'), { recursive: true });
  const start = manager.process('web').start();
  await expect(start).rejects.toMatchObject({ code: 'PB_START_FAILED', message: expect.stringContaining(file) });
  const { phase, cause, generation } = manager.process('web').view;
  expect({ phase, generation }).toEqual({ phase: 'failed', generation: 0 });
  expect(cause?.message).toMatch(/shared\.json cannot be written: EISDIR/);
  rmSync(file, { recursive: true });
  expect(await manager.process('web').start()).toMatchObject({ phase: 'running', ready: true });
});

test.each<[what: string, env: Record<string, string>, shared: SharedInput | undefined, expected: string]>([
  ['the default', {}, undefined, 'info'],
  ['what is shared', {}, { logging: { level: 'WARNING' } }, 'WARNING'],
  ["the manager's own", { PROMPTBIN_LOG_LEVEL: 'trace' }, { logging: { level: 'WARNING' } }, 'trace'],
])('the level of logging that a process is told: %s', async (_, env, sharing, expected) => {
  const config: Config = {
    ...(sharing && { shared: sharing }),
    processes: { job: { kind: 'job', command: ['sh', '-c', 'echo $PROMPTBIN_LOG_LEVEL'] } },
  };
  const { manager } = await testManager(config, { env: { PATH: process.env.PATH, ...env } });
  await manager.process('job').start();
  expect(manager.process('job').logs().lines[0]?.text).toBe(expected);
});

test('plugins read what is shared, also after a reload', async () => {
  let read = (): SharedInput | undefined => undefined;
  const reader = plugin('reader', (ctx) => {
    read = () => ctx.shared;
  });
  const config: Config = { plugins: [reader], shared: { mcp: {} }, processes: {} };
  const { manager } = await testManager(config);
  expect(read()).toEqual({ mcp: { health_check_interval: 30, restart_threshold: 3, shutdown_timeout: 10 } });
  await manager.reload({ ...config, shared: { mcp: { restart_threshold: 1 } } });
  expect(read()?.mcp?.restart_threshold).toBe(1);
});
