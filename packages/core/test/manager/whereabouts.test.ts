import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Config,
  type ExplainResult,
  type GetResult,
  type Manager,
  type ManagerEvent,
  type NetworkService,
  type ProcessView,
  type PromptbinError,
  systemClock,
} from '@promptbin/core';
import { expect, test } from 'vitest';
import { fixture, touch } from '../support/files.ts';
import { freePort, listen } from '../support/network.ts';
import { plugin } from '../support/plugins.ts';
import { lineWith, nextEvent, type TestManager, testManager } from '../support/project.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

type Command = [string, ...string[]];
const listens = (...steps: string[]): Command => [process.execPath, fixture('listens.mjs'), ...steps];
const patient = { timeout: '1h' } as const;

/** Lets the time of the manager go on, one look at the port after the other, until it holds. */
async function pass(clock: VirtualClock, holds: () => boolean): Promise<void> {
  while (!holds()) {
    await clock.advance(250);
    await sleep(5);
  }
}

const statements = (events: readonly ManagerEvent[]) =>
  events.flatMap((event) => (event.type === 'process.listening' ? [event.data] : []));

/** A manager and its `network` service. */
async function withNetwork(config: Config, clock = systemClock): Promise<TestManager & { network: NetworkService }> {
  const { promise, resolve } = Promise.withResolvers<NetworkService>();
  const looker = plugin('looker', (ctx) => {
    ctx.hooks.event.tap('looker', () => resolve(ctx.use('network')));
  });
  const testing = await testManager({ plugins: [looker], ...config }, { clock });
  return { ...testing, network: await promise };
}

async function get(manager: Manager, name: string): Promise<GetResult> {
  return ((await manager.call('process.get', { name }, { caller: 'test' })) as { value: GetResult }).value;
}

test.each([
  ['127.0.0.1', '0.0.0.0', 'exposed', '127.0.0.1', 'on all interfaces'],
  ['127.0.0.1', '::', 'exposed', '127.0.0.1', 'on all interfaces'],
  ['0.0.0.0', '127.0.0.1', 'hidden', '127.0.0.1', 'on loopback only'],
  ['127.0.0.1', '::1', 'family', '[::1]', 'told 127.0.0.1'],
  ['127.0.0.1', '127.0.0.2', 'address', '127.0.0.2', 'told 127.0.0.1'],
] as const)('told %s and bound to %s: ready, stated as %s, found at %s', async (told, bound, deviation, at, note) => {
  const { manager, events } = await testManager({
    processes: { web: { command: listens(`${bound}/{port}`), port: { host: told } } },
  });
  const { port = 0, url = '', listening } = await manager.process('web').start();
  expect(url).toBe(`http://${at}:${port}`);
  expect(listening).toEqual({ host: bound, port, told: { host: told, port }, deviation, followed: true });
  expect(await (await fetch(url)).text()).toBe('ok');
  expect(statements(events)).toEqual([{ name: 'web', generation: 1, port, url, listening }]);
  expect((await get(manager, 'web')).summary).toMatch(`web is ready at ${url} (${note}; pid`);
});

test.each([
  ['localhost', '::1'],
  ['localhost', '127.0.0.1'],
  ['127.0.0.1', '::ffff:127.0.0.1'],
  ['0.0.0.0', '::'],
])('told %s and bound to %s: nothing to say', async (told, bound) => {
  const { manager, events } = await testManager({
    processes: { web: { command: listens(`${bound}/{port}`), port: { host: told } } },
  });
  const { port = 0, url = '', listening } = await manager.process('web').start();
  expect({ listening, stated: statements(events) }).toEqual({ listening: undefined, stated: [] });
  expect(url).toBe(`http://${told === '0.0.0.0' ? '127.0.0.1' : told}:${port}`);
});

test('an app that ignores its port is followed to the only other one, everywhere', async () => {
  const [port, other] = [await freePort(), await freePort()];
  const { manager, root, events } = await testManager({
    shared: { flask: { port } },
    processes: {
      web: { command: ['python3', '-m', 'http.server', String(other), '-b', '127.0.0.1'], shared: 'flask' },
    },
  });
  const view = await manager.process('web').start();
  const url = `http://127.0.0.1:${other}`;
  expect(view).toMatchObject({
    port: other,
    url,
    listening: { host: '127.0.0.1', port: other, told: { port }, deviation: 'port', followed: true },
  });
  expect((await fetch(url)).status).toBe(200);
  const { summary } = await get(manager, 'web');
  expect(summary).toMatch(`web is ready at ${url} (told ${port}; pid`);
  const answer = await manager.call('process.explain', { name: 'web' }, { caller: 'test' });
  const { chain } = (answer as { value: ExplainResult }).value;
  expect(chain.map(({ text }) => text)).toContain(`web listens on port ${other}, not on ${port} as it was told`);
  const file = join(root, '.promptbin', 'shared.json');
  await expect
    .poll(() => JSON.parse(readFileSync(file, 'utf8')).flask)
    .toMatchObject({ host: '127.0.0.1', port: other });
  // A run that is told anew is where it was told, until it is seen elsewhere.
  const spawned = nextEvent(manager, ({ type }) => type === 'process.spawned');
  const again = manager.process('web').restart();
  expect((await spawned).data).toMatchObject({ port });
  expect(await again).toMatchObject({ generation: 2, port: other });
  expect(statements(events)).toHaveLength(2);
  expect((await manager.process('web').stop()).portsFreed).toEqual([port, other]);
});

test('with strict an app on another port is not ready; why says so long before the deadline', async () => {
  const clock = new VirtualClock();
  const [port, other] = [await freePort(), await freePort()];
  const { manager, events } = await testManager(
    {
      processes: {
        web: {
          command: listens(`127.0.0.1/${other}`),
          port: { preferred: port, strict: true },
          ready: patient,
        },
      },
    },
    { clock },
  );
  const web = manager.process('web');
  const fault = web.start().catch((thrown: PromptbinError) => thrown);
  const sentence = `listens on port ${other}, not on ${port} as it was told`;
  await pass(clock, () => web.view.conditions.ready.message !== undefined && web.view.listening !== undefined);
  expect((await get(manager, 'web')).summary).toBe(`web is starting, not ready yet: ${sentence}`);
  const told = { port, url: `http://127.0.0.1:${port}` };
  expect(web.view).toMatchObject({ ...told, phase: 'starting', listening: { port: other, followed: false } });
  expect(statements(events)).toMatchObject([{ ...told, listening: { port: other, followed: false } }]);
  await clock.advance(3_600_000);
  expect(await fault).toMatchObject({ message: expect.stringContaining(`port: ${sentence}`) });
  expect(web.view).toMatchObject({ phase: 'failed', cause: { code: 'startTimeout' } });
});

test('with strict an app on ::1 alone is not ready where it was told 127.0.0.1', async () => {
  const { manager } = await testManager({
    processes: {
      web: {
        command: listens('::1/{port}'),
        port: { preferred: await freePort(), strict: true },
        ready: { timeout: '1s' },
      },
    },
  });
  await expect(manager.process('web').start()).rejects.toThrow('listens on ::1 alone, not on 127.0.0.1 as it was told');
});

test('a helper that listens first does not win over the app that listens where it was told', async () => {
  const clock = new VirtualClock();
  const helper = await freePort();
  const { manager, root, events } = await testManager(
    {
      processes: {
        web: { command: listens(`127.0.0.1/${helper}`, '@go', '127.0.0.1/{port}'), port: 'auto', ready: patient },
      },
    },
    { clock },
  );
  const web = manager.process('web');
  void web.start().catch(() => undefined);
  await lineWith(web, `listening 127.0.0.1 ${helper}`);
  for (let look = 0; look < 10; look += 1) {
    await clock.advance(250);
    await sleep(10);
  }
  expect(web.view.phase).toBe('starting');
  touch(root, 'go');
  await lineWith(web, `listening 127.0.0.1 ${web.view.port}`);
  await pass(clock, () => web.view.ready);
  expect(statements(events)).toEqual([]);
});

test('another port has to be the only one for a while: one that has changed begins anew', async () => {
  const clock = new VirtualClock();
  const [first, second] = [await freePort(), await freePort()];
  const { manager, root, network, events } = await withNetwork(
    {
      processes: {
        web: {
          command: listens(`127.0.0.1/${first}`, '@go', `-${first}`, `127.0.0.1/${second}`),
          port: 'auto',
          ready: patient,
        },
      },
    },
    clock,
  );
  const web = manager.process('web');
  void web.start().catch(() => undefined);
  await expect.poll(() => network.locate('web')).toContain(`port ${first},`);
  await clock.advance(2000);
  touch(root, 'go');
  await expect.poll(() => network.locate('web')).toContain(`port ${second},`);
  await clock.advance(2000);
  expect(await network.locate('web')).toContain(`port ${second},`);
  expect(statements(events)).toEqual([]);
  await pass(clock, () => web.view.ready);
  expect(web.view.port).toBe(second);
});

test('two other ports: not ready, and both are named', async () => {
  const ports = [await freePort(), await freePort()].toSorted((a, b) => a - b);
  const { manager } = await testManager({
    processes: {
      web: { command: listens(...ports.map((port) => `127.0.0.1/${port}`)), port: 'auto', ready: { timeout: '1s' } },
    },
  });
  const sentence = `listens on ports ${ports.join(', ')}, not on`;
  await expect(manager.process('web').start()).rejects.toThrow(sentence);
  expect(manager.process('web').view.cause?.code).toBe('startTimeout');
});

test('a debugger alone is no app', async () => {
  const clock = new VirtualClock();
  const address = `127.${[1, 2, 3].map(() => 1 + Math.floor(Math.random() * 250)).join('.')}`;
  const [, script, ...steps] = listens('@go', '127.0.0.1/{port}');
  const { manager, root, events } = await testManager(
    {
      processes: {
        web: {
          command: [process.execPath, `--inspect=${address}:9229`, String(script), ...steps],
          port: 'auto',
          ready: patient,
        },
      },
    },
    { clock },
  );
  const web = manager.process('web');
  void web.start().catch(() => undefined);
  await lineWith(web, 'Debugger listening');
  for (let look = 0; look < 20; look += 1) {
    await clock.advance(250);
    await sleep(10);
  }
  expect(web.view.phase).toBe('starting');
  touch(root, 'go');
  await pass(clock, () => web.view.ready);
  expect(statements(events)).toEqual([]);
});

test('an app that moves on by itself because a stranger has its port is followed', async () => {
  const other = await freePort();
  const taken = Promise.withResolvers<void>();
  const thief = plugin('thief', (ctx) => {
    ctx.hooks.readiness.tap('thief', ({ port = 0 }) => void listen(port).then(() => taken.resolve()));
  });
  const { manager, root } = await testManager({
    plugins: [thief],
    processes: { web: { command: listens('@go', `127.0.0.1/${other}`), port: 'auto' } },
  });
  const started = manager.process('web').start();
  await taken.promise;
  touch(root, 'go');
  expect(await started).toMatchObject({ ready: true, port: other, listening: { deviation: 'port' } });
});

test('a stranger on the port is named in the status while the app may still get it', async () => {
  const clock = new VirtualClock();
  const stolen = Promise.withResolvers<Awaited<ReturnType<typeof listen>>>();
  const thief = plugin('thief', (ctx) => {
    ctx.hooks.readiness.tap('thief', ({ port = 0 }) => void listen(port).then(stolen.resolve));
  });
  const { manager, root } = await testManager(
    {
      plugins: [thief],
      processes: { web: { command: listens('@go', '127.0.0.1/{port}'), port: 'auto', ready: patient } },
    },
    { clock },
  );
  const web = manager.process('web');
  void web.start().catch(() => undefined);
  const { server, port } = await stolen.promise;
  await pass(clock, () => web.view.conditions.ready.message !== undefined);
  expect(web.view.conditions.ready).toMatchObject({
    reason: 'PortNotOpen',
    message: expect.stringContaining(`port ${port} is answered by pid ${process.pid}`),
  });
  await new Promise((resolve) => server.close(resolve));
  touch(root, 'go');
  await pass(clock, () => web.view.ready);
  expect(web.view).toMatchObject({ port, generation: 1 });
});

test('an app that moves later is followed there and back when somebody looks', async () => {
  const clock = new VirtualClock();
  const other = await freePort();
  const steps = [
    '127.0.0.1/{port}',
    '@away',
    '-{port}',
    `127.0.0.1/${other}`,
    '@back',
    `-${other}`,
    '127.0.0.1/{port}',
  ];
  const { manager, root, events, network } = await withNetwork(
    { processes: { web: { command: listens(...steps), port: 'auto', ready: patient } } },
    clock,
  );
  const web = manager.process('web');
  void web.start().catch(() => undefined);
  await pass(clock, () => web.view.ready);
  const { port, url } = web.view as ProcessView & { port: number };
  expect(await network.locate('web')).toBeUndefined();

  touch(root, 'away');
  const sentence = `listens on port ${other}, not on ${port} as it was told`;
  await expect.poll(() => network.locate('web')).toBe(sentence);
  // It may be about to come back: a reloader, for example.
  expect(web.view.port).toBe(port);
  await clock.advance(3000);
  expect(await network.locate('web')).toBe(sentence);
  expect(web.view).toMatchObject({ port: other, url: `http://127.0.0.1:${other}`, listening: { deviation: 'port' } });

  touch(root, 'back');
  await expect.poll(async () => [await network.locate('web'), web.view.port]).toEqual([undefined, port]);
  expect(web.view).toMatchObject({ port, url });
  expect(web.view.listening).toBeUndefined();
  expect(statements(events)).toEqual([
    expect.objectContaining({ port: other, listening: expect.objectContaining({ port: other }) }),
    { name: 'web', generation: 1, port, url },
  ]);
  // Nothing is said twice.
  expect(await network.locate('web')).toBeUndefined();
  expect(statements(events)).toHaveLength(2);
});

test('who is down, unknown, or without a port is nowhere', async () => {
  const { manager, network, events } = await withNetwork({
    processes: { web: { command: listens('127.0.0.1/{port}'), port: 'auto' }, plain: { command: 'sleep 60' } },
  });
  expect(await Promise.all(['web', 'plain', 'nobody'].map((name) => network.locate(name)))).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  await manager.process('web').start();
  await manager.process('web').stop();
  expect(await network.locate('web')).toBeUndefined();
  expect(statements(events)).toEqual([]);
});
