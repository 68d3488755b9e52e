import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeEvent, type ManagerEvent, type Plugin, type PromptbinError, type StartResult } from '@promptbin/core';
import { expect, test } from 'vitest';
import { fixture, linesOf } from '../support/files.ts';
import { accepts, canBind, freePort, listen } from '../support/network.ts';
import { plugin, retries } from '../support/plugins.ts';
import { nextEvent, testManager } from '../support/project.ts';

const server = [process.execPath, fixture('server.mjs')] as const;
const spawnedPorts = (events: readonly ManagerEvent[]): number[] =>
  events.flatMap((event) => (event.type === 'process.spawned' ? [event.data.port ?? 0] : []));

test('two processes that prefer the same port get two ports, and each is told its own', async () => {
  const port = await freePort();
  const { manager } = await testManager({
    processes: { a: { command: server, port }, b: { command: server, port } },
  });
  await manager.start();
  const views = await Promise.all(['a', 'b'].map((name) => manager.process(name).until('ready')));
  const ports = views.map((view) => view.port as number);
  expect(ports).toContain(port);
  expect(new Set(ports).size).toBe(2);
  for (const view of views) expect((await fetch(view.url as string)).status).toBe(200);
});

test('a restart keeps the port, even when it is not the preferred one, and a fresh start does not', async () => {
  const { server: holder, port } = await listen();
  const { manager } = await testManager({ processes: { web: { command: server, port } } });
  const web = manager.process('web');
  const first = await web.start();
  expect(first.port).not.toBe(port);
  await new Promise((resolve) => holder.close(resolve));
  expect((await web.restart()).port).toBe(first.port);
  await web.stop();
  expect(web.view.port).toBeUndefined();
  expect((await web.start()).port).toBe(port);
});

test('a strict port that is taken fails the start and names the holder', async () => {
  const { server: holder, port } = await listen();
  const { manager } = await testManager({
    processes: { web: { command: server, port: { preferred: port, strict: true } } },
  });
  const web = manager.process('web');
  const fault = (await web.start().catch((thrown) => thrown)) as PromptbinError;
  expect(fault.message).toContain(`port ${port} is held by pid ${process.pid}`);
  expect(web.view).toMatchObject({ phase: 'failed', generation: 0, cause: { code: 'portInUse' } });
  const { value } = (await manager.call('process.start', { name: 'web' }, { caller: 'test' })) as {
    value: StartResult;
  };
  expect(value.summary.split(`port ${port} is held`)).toHaveLength(2);
  await new Promise((resolve) => holder.close(resolve));
  expect(await web.start()).toMatchObject({ ready: true, port });
});

test('a strict port survives a stop and a start in one breath', async () => {
  const port = await freePort();
  const slow = Promise.withResolvers<undefined>();
  const asked = Promise.withResolvers<void>();
  const thinker = plugin('slow', (ctx) => {
    ctx.hooks.env.tapPromise('slow', () => {
      asked.resolve();
      return slow.promise;
    });
  });
  const { manager } = await testManager({
    plugins: [thinker],
    processes: { web: { command: server, port: { preferred: port, strict: true } } },
  });
  const web = manager.process('web');
  const first = web.start().catch((fault) => fault.code);
  await asked.promise;
  await web.stop();
  expect(await first).toBe('PB_START_FAILED');
  // Stopped means that the port can be bound, whatever a plugin is still thinking about.
  expect(await canBind(port)).toBe(true);
  const second = web.start();
  slow.resolve(undefined);
  expect(await second).toMatchObject({ ready: true, port, generation: 1 });
});

test('stop and start without a pause do not take the port from each other', async () => {
  const port = await freePort();
  const { manager } = await testManager({
    processes: { web: { command: server, port: { preferred: port, strict: true } } },
  });
  const web = manager.process('web');
  const commands = [web.start(), web.stop(), web.start(), web.stop(), web.start()];
  const views = await Promise.allSettled(commands);
  expect(views.at(-1)).toMatchObject({ status: 'fulfilled', value: { ready: true, port, generation: 1 } });
});

test('a thief between release and bind: the child exits, and its retry gets the next port', async () => {
  const stolen: number[] = [];
  // The hook comes in the turn of the spawn: long before the child can bind.
  const thief = plugin('thief', (ctx) => {
    ctx.hooks.readiness.tap('thief', ({ port = 0 }) => {
      if (stolen.length === 0) void listen(stolen[stolen.push(port) - 1]);
    });
  });
  const { manager } = await testManager({
    plugins: [thief, retries(1)],
    processes: { web: { command: server, port: await freePort() } },
  });
  const web = manager.process('web');
  await manager.start();
  const view = await web.until('ready');
  expect(view).toMatchObject({ generation: 2, restarts: 1 });
  expect(view.port).not.toBe(stolen[0]);
  expect(await accepts(view.port as number)).toBe(true);
  expect(web.logs().lines.some(({ text }) => text.includes('EADDRINUSE'))).toBe(true);
});

/** Tries the next port at each failure, as a plugin that knows of a port in use would. */
const nextPort = (): Plugin =>
  plugin('next', (ctx) => {
    ctx.hooks.decide.tap('next', () => ({ action: 'retry', delayMs: 0, port: 'next' }));
  });

/** Cannot bind any of the ports in the file `bad`, as if they were taken on another address. */
const picky = ['sh', '-c', `grep -qx "$PORT" bad && exit 98; exec "$@"`, 'sh', ...server] as const;

test('a retry on the next port is still the same start, and never comes back to a port that failed in it', async () => {
  const preferred = await freePort();
  const { manager, root, events } = await testManager({
    plugins: [nextPort()],
    processes: { web: { command: picky, port: preferred } },
  });
  writeFileSync(join(root, 'bad'), `${preferred}\n${preferred + 1}\n`);
  const web = manager.process('web');
  // It does not reject at the first run that fails.
  const view = await web.start();
  const told = spawnedPorts(events);
  expect(told.slice(0, 2)).toEqual([preferred, expect.any(Number)]);
  expect(told).toEqual(told.toSorted((a, b) => a - b));
  expect(new Set(told).size).toBe(told.length);
  expect(view.port).toBe(told.at(-1));
  const retries = events.filter((event) => event.type === 'process.retry');
  expect(retries.map(({ data }) => data.port)).toEqual(told.slice(1).map(() => 'next'));
  expect(retries.map((event) => describeEvent(event).text)).toContain('web tries the next port');

  // Ready once, it keeps its port; begun anew, it tries the preferred one again.
  expect((await web.restart()).port).toBe(view.port);
  await web.stop();
  writeFileSync(join(root, 'bad'), '');
  expect((await web.start()).port).toBe(preferred);
});

test('a retry on the next port of one that may have any gets another one', async () => {
  const { manager, root, events } = await testManager({
    plugins: [nextPort()],
    processes: {
      web: { command: ['sh', '-c', `[ -e bad ] || { touch bad; exit 98; }; exec "$@"`, 'sh', ...server], port: 'auto' },
    },
  });
  const { port } = await manager.process('web').start();
  const [first, second] = spawnedPorts(events);
  expect(linesOf(root, 'bad')).toEqual([]);
  expect([second, second === first]).toEqual([port, false]);
});

test('a strict port is that one or none: a retry on the next port is a retry on the same', async () => {
  const preferred = await freePort();
  const { manager, events } = await testManager({
    plugins: [nextPort()],
    processes: {
      web: {
        command: ['sh', '-c', `[ -e bad ] || { touch bad; exit 98; }; exec "$@"`, 'sh', ...server],
        port: { preferred, strict: true },
      },
    },
  });
  expect(await manager.process('web').start()).toMatchObject({ port: preferred, generation: 2 });
  expect(spawnedPorts(events)).toEqual([preferred, preferred]);
  const retry = events.find((event) => event.type === 'process.retry');
  expect(retry?.data).not.toHaveProperty('port');
});

test('a start by a person begins with the preferred port again', async () => {
  const preferred = await freePort();
  const later = plugin('later', (ctx) => {
    ctx.hooks.decide.tap('later', () => ({ action: 'retry', delayMs: 60_000, port: 'next' }));
  });
  const { manager, root, events } = await testManager({
    plugins: [later],
    processes: { web: { command: picky, port: preferred } },
  });
  writeFileSync(join(root, 'bad'), `${preferred}\n`);
  const web = manager.process('web');
  await expect(web.start()).rejects.toMatchObject({ details: { phase: 'backoff' } });
  // Nobody holds it meanwhile.
  expect(await canBind(preferred)).toBe(true);
  writeFileSync(join(root, 'bad'), '');
  expect(await web.start()).toMatchObject({ port: preferred, generation: 2 });
  const retry = events.find((event) => event.type === 'process.retry');
  expect(retry && describeEvent(retry).text).toBe('web tries the next port in 60000 ms');
});

test('the port that a plugin chooses is used, at every restart the same, and tells what is taken', async () => {
  const [chosen, other] = [await freePort(), await freePort()];
  const asked: { preferred: number | 'auto'; taken: number[]; name: string }[] = [];
  const chooser = plugin('chooser', (ctx) => {
    ctx.hooks.port.tap('chooser', ({ preferred, taken }, { name }) => {
      asked.push({ preferred, taken: [...taken], name });
      return name === 'web' ? chosen : undefined;
    });
  });
  const { manager } = await testManager({
    plugins: [chooser],
    processes: { db: { command: server, port: other }, web: { command: server, port: 'auto', dependsOn: ['db'] } },
  });
  const web = manager.process('web');
  expect((await web.start()).port).toBe(chosen);
  expect((await web.restart()).port).toBe(chosen);
  expect((await web.restart()).port).toBe(chosen);
  // Its own port is not one that another process holds.
  expect(asked).toEqual([
    { preferred: other, taken: [], name: 'db' },
    ...Array.from({ length: 3 }, () => ({ preferred: 'auto', taken: [other], name: 'web' })),
  ]);
});

test('a port that a plugin exchanges for another is given back', async () => {
  const [first, second] = [await freePort(), await freePort()];
  const chooser = plugin('chooser', (ctx) => {
    ctx.hooks.port.tap('chooser', (_request, { name, generation }) => {
      if (name === 'web') return generation === 0 ? first : second;
      return undefined;
    });
  });
  const { manager } = await testManager({
    plugins: [chooser],
    processes: {
      web: { command: server, port: 'auto' },
      next: { command: server, port: { preferred: first, strict: true }, autostart: false },
    },
  });
  expect((await manager.process('web').start()).port).toBe(first);
  expect((await manager.process('web').restart()).port).toBe(second);
  expect((await manager.process('next').start()).port).toBe(first);
});

test('what was given back can be used by the next process', async () => {
  const port = await freePort();
  const { manager } = await testManager({
    processes: { a: { command: server, port }, b: { command: server, port: { preferred: port, strict: true } } },
  });
  await manager.process('a').start();
  await expect(manager.process('b').start()).rejects.toThrow(`port ${port} is held by`);
  await manager.process('a').stop();
  expect(await manager.process('b').start()).toMatchObject({ port });
});

test('the port of a failed start is free again', async () => {
  const port = await freePort();
  const { manager } = await testManager({
    processes: { bad: { command: 'no-such-command', port }, vetoed: { command: server, port } },
  });
  await expect(manager.process('bad').start()).rejects.toMatchObject({
    details: { cause: { code: 'commandNotFound' } },
  });
  expect(await canBind(port)).toBe(true);
  expect(await manager.process('vetoed').start()).toMatchObject({ port });
});

test('{port} and {host} are expanded in the command and in configured variables, nowhere else', async () => {
  const port = await freePort();
  const { manager, root } = await testManager(
    {
      processes: {
        web: {
          kind: 'job',
          command: [
            'sh',
            '-c',
            'printf "%s\\n" "$1" "$URL" "$INHERITED" "$PORT" "$PROMPTBIN_PORT" "$WEB_PORT" > out',
            'sh',
            '{host}:{port}/{other}',
          ],
          env: { URL: 'http://{host}:{port}' },
          port: { preferred: port, host: 'localhost', env: ['WEB_PORT'] },
        },
        shell: { kind: 'job', shell: true, command: 'echo {port} > shell; echo $PORT >> shell', port: 'auto' },
        portless: { kind: 'job', command: ['sh', '-c', 'echo "$1" > portless', 'sh', '{port}'] },
      },
    },
    { env: { PATH: process.env.PATH, INHERITED: '{port}' } },
  );
  await Promise.all(['web', 'shell', 'portless'].map((name) => manager.process(name).start()));
  const text = String(port);
  expect(linesOf(root, 'out')).toEqual([
    `localhost:${port}/{other}`,
    `http://localhost:${port}`,
    '{port}',
    text,
    text,
    text,
  ]);
  const [expanded, told] = linesOf(root, 'shell');
  expect(Number(expanded)).toBeGreaterThan(0);
  expect(told).toBe(expanded);
  expect(linesOf(root, 'portless')).toEqual(['{port}']);
});

test('a gate that vetoes is asked again, and holds no port meanwhile', async () => {
  const port = await freePort();
  let open = false;
  let asked = 0;
  const gate = plugin('keeper', (ctx) => {
    ctx.hooks.gate.tap('keeper', () => {
      asked += 1;
      return open ? undefined : { reason: 'the build lock is held', retryAfterMs: 20 };
    });
  });
  const { manager } = await testManager({ plugins: [gate], processes: { web: { command: server, port } } });
  const web = manager.process('web');
  const told = nextEvent(manager, ({ type }) => type === 'process.waiting');
  const started = web.start();
  await told;
  expect(web.view).toMatchObject({ phase: 'waiting', waitingFor: ['the build lock is held'] });
  expect(await canBind(port)).toBe(true);
  while (asked < 3) await new Promise((resolve) => setTimeout(resolve, 5));
  open = true;
  expect(await started).toMatchObject({ ready: true, port, generation: 1 });
  const before = asked;
  open = false;
  await web.stop();
  void web.start().catch(() => undefined);
  await web.until(({ waitingFor }) => waitingFor !== undefined);
  await web.stop();
  const after = asked;
  await expect(web.until('waiting', { timeoutMs: 100 })).rejects.toMatchObject({ code: 'PB_WAIT_TIMEOUT' });
  expect([asked, before < after]).toEqual([after, true]);
});
