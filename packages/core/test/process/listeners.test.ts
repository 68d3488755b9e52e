import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Asker, findListener, probeListener } from '../../src/process/listeners.ts';
import { treeOf } from '../../src/process/tree.ts';
import { fixture, freePort, listen, type Started, start } from './harness.ts';

/** The tree of what was started, of which no socket is known yet. */
const asker = (started: Started): Asker => ({
  tree: () => treeOf(started.child.pid, undefined),
  sockets: new Map(),
});

test.each(['127.0.0.1', '0.0.0.0', '::1', '::'])('a listener on %s is found, with its command', async (host) => {
  const port = await listen({ port: 0, host });
  expect(await findListener(port)).toContainEqual({ pid: process.pid, command: expect.stringContaining('node') });
});

test('nobody listens', async () => {
  const port = await freePort();
  expect(await findListener(port)).toEqual([]);
  const tree = async () => expect.unreachable('there is nothing to look for');
  expect(await probeListener({ port }, { tree, sockets: new Map() })).toEqual({ kind: 'nobody' });
});

test('a listener in a child of the process is ours', async () => {
  const port = await freePort();
  const started = start('node', [fixture('serve.mjs'), '127.0.0.1', 'child'], { env: { PORT: String(port) } });
  const [, pid] = await started.saw(/listening (\d+)\n/);
  expect(Number(pid)).not.toBe(started.child.pid);
  expect(await probeListener({ port }, asker(started))).toEqual({
    kind: 'ours',
    pid: Number(pid),
    host: '127.0.0.1',
  });
});

test('a listener outside of the tree is a stranger, with its pid and command', async () => {
  const port = await listen({ port: 0, host: '127.0.0.1' });
  const started = start('sleep', ['60']);
  expect(await probeListener({ port }, asker(started))).toEqual({
    kind: 'stranger',
    pid: process.pid,
    command: expect.stringContaining('node'),
  });
});

test('who shares a port with a stranger is asked for by address', async () => {
  const port = await listen({ port: 0, host: '127.0.0.1' });
  const started = start('node', [fixture('listens.mjs'), `::1/${port}`]);
  await started.saw(/listening/);
  const { pid } = started.child;
  const asking = asker(started);
  const kindAt = async (...addresses: string[]) => (await probeListener({ port, addresses }, asking)).kind;
  expect(await probeListener({ port }, asking)).toEqual({ kind: 'ours', pid, host: '::1' });
  expect(await kindAt('::1')).toBe('ours');
  expect(await kindAt('127.0.0.1')).toBe('stranger');
  expect(await kindAt('127.0.0.2')).toBe('nobody');
  // As a name leads to both: the first one where somebody listens has the connection.
  expect(await kindAt('127.0.0.1', '::1')).toBe('stranger');
  expect(await kindAt('127.0.0.2', '::1')).toBe('ours');
});

test('a socket that was ours is not searched for again, and who takes the port after it is a stranger', async () => {
  const port = await freePort();
  const root = await mkdtemp(join(tmpdir(), 'promptbin-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const closing = join(root, 'close');
  const steps = [`127.0.0.1/${port}`, `@${closing}`, `-${port}`];
  const started = start('node', [fixture('listens.mjs'), ...steps]);
  await started.saw(/listening/);
  const { tree, sockets } = asker(started);
  let searched = 0;
  const asking = { tree: () => tree().finally(() => searched++), sockets };
  const question = { port, addresses: ['127.0.0.1'] };
  for (let look = 0; look < 3; look++) expect((await probeListener(question, asking)).kind).toBe('ours');
  expect(searched).toBe(1);
  await writeFile(closing, '');
  await expect.poll(async () => (await probeListener(question, asking)).kind).toBe('nobody');
  expect(sockets.size).toBe(0);
  await listen({ port, host: '127.0.0.1' });
  expect(await probeListener(question, asking)).toMatchObject({ kind: 'stranger', pid: process.pid });
});

test('a connection is not a listener', async () => {
  const port = await listen({ port: 0, host: '127.0.0.1' });
  const client = connect(port, '127.0.0.1');
  onTestFinished(() => void client.destroy());
  await once(client, 'connect');
  expect(await findListener(client.localPort ?? 0)).toEqual([]);
});
