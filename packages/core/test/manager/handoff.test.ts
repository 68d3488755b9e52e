import { connect } from 'node:net';
import type { Manager } from '@promptbin/core';
import { expect, test } from 'vitest';
import { fixture } from '../support/files.ts';
import { ask, load } from '../support/load.ts';
import { plugin } from '../support/plugins.ts';
import { nextEvent, testManager } from '../support/project.ts';

const web = {
  command: [process.execPath, fixture('take-over.mjs')] as [string, string],
  port: { handoff: true },
  ready: { log: 'took over' },
};

/** Starts it anew whenever it has ended by itself. */
const again = plugin('again', (ctx) => ctx.hooks.decide.tap('again', () => ({ action: 'retry', delayMs: 100 })));

const portOf = (manager: Manager): number => manager.process('web').view.port ?? 0;

test('the process gets an open socket as descriptor 3, and is told so by its own pid', async () => {
  const { manager } = await testManager(
    { processes: { web } },
    { env: { ...process.env, LISTEN_FDS: '7', LISTEN_PID: '1' } },
  );
  const { pid, port = 0 } = await manager.process('web').start();
  expect(await ask(port)).toBe(String(pid));
});

test('while it is down, connections wait: neither a crash nor a restart refuses one', async () => {
  const { manager } = await testManager({ plugins: [again], processes: { web } });
  await manager.process('web').start();
  const port = portOf(manager);
  const under = load(port);
  for (let round = 0; round < 5; round += 1) {
    const gone = nextEvent(manager, ({ type }) => type === 'process.exited');
    process.kill(manager.process('web').view.pid ?? Number.NaN, 'SIGKILL');
    await gone;
    const waited = ask(port);
    const { pid } = await manager.process('web').until('ready');
    expect(await waited).toBe(String(pid));
    await manager.process('web').restart();
  }
  const counts = await under.end();
  expect(portOf(manager)).toBe(port);
  expect(counts.ECONNREFUSED).toBeUndefined();
  expect(Object.keys(counts).length).toBeGreaterThan(1);
});

test('a stop gives the port back, and proves it', async () => {
  const { manager } = await testManager({ processes: { web } });
  await manager.process('web').start();
  const port = portOf(manager);
  expect(await manager.process('web').stop()).toMatchObject({ portsFreed: [port], escaped: [] });
  const socket = connect(port, '127.0.0.1');
  await expect(new Promise((_, reject) => socket.on('error', reject))).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect(await manager.process('web').start()).toMatchObject({ phase: 'running' });
});

test('a stop that becomes a restart opens it anew', async () => {
  const { manager } = await testManager({ processes: { web } });
  await manager.process('web').start();
  const stopped = manager.process('web').stop();
  const { pid, port = 0 } = await manager.process('web').restart();
  await stopped.catch(() => undefined);
  expect(await ask(port)).toBe(String(pid));
});

test('a process that opens its port by itself still can', async () => {
  const own = {
    ...web,
    command: [process.execPath, fixture('serve.mjs'), '127.0.0.1'] as [string, ...string[]],
    ready: {},
  };
  const { manager } = await testManager({ processes: { web: own } });
  expect(await manager.process('web').start()).toMatchObject({ phase: 'running' });
});

test('the descriptor cannot be the one for notices, and a terminal gets none', async () => {
  const notices = plugin('notices', (ctx) => ctx.hooks.plan.tap('notices', (plan) => ({ ...plan, notifyFd: 3 })));
  const { manager } = await testManager({ plugins: [notices], processes: { web } });
  await expect(manager.process('web').start()).rejects.toThrow('descriptor 3 is the socket that "web" is handed');
  await expect(testManager({ processes: { web: { ...web, tty: true } } })).rejects.toThrow(/handoff/);
});
