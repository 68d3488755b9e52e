import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { findListener, probeListener } from '../../src/process/listeners.ts';
import { treeOf } from '../../src/process/tree.ts';
import { fixture, freePort, listen, type Started, start } from './harness.ts';

const tree = (started: Started) => (): Promise<readonly number[]> => treeOf(started.child.pid, undefined);

test.each(['127.0.0.1', '0.0.0.0', '::1', '::'])('a listener on %s is found, with its command', async (host) => {
  const port = await listen({ port: 0, host });
  expect(await findListener(port)).toContainEqual({ pid: process.pid, command: expect.stringContaining('node') });
});

test('nobody listens', async () => {
  const port = await freePort();
  expect(await findListener(port)).toEqual([]);
  expect(await probeListener(port, async () => expect.unreachable('there is nothing to look for'))).toEqual({
    kind: 'nobody',
  });
});

test('a listener in a child of the process is ours', async () => {
  const port = await freePort();
  const started = start('node', [fixture('serve.mjs'), '127.0.0.1', 'child'], { env: { PORT: String(port) } });
  const [, pid] = await started.saw(/listening (\d+)\n/);
  expect(Number(pid)).not.toBe(started.child.pid);
  expect(await probeListener(port, tree(started))).toEqual({ kind: 'ours', pid: Number(pid) });
});

test('a listener outside of the tree is a stranger, with its pid and command', async () => {
  const port = await listen({ port: 0, host: '127.0.0.1' });
  const started = start('sleep', ['60']);
  expect(await probeListener(port, tree(started))).toEqual({
    kind: 'stranger',
    pid: process.pid,
    command: expect.stringContaining('node'),
  });
});

test('a connection is not a listener', async () => {
  const port = await listen({ port: 0, host: '127.0.0.1' });
  const client = connect(port, '127.0.0.1');
  onTestFinished(() => void client.destroy());
  await once(client, 'connect');
  expect(await findListener(client.localPort ?? 0)).toEqual([]);
});
