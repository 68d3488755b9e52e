import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { findListener } from '../../src/process/listeners.ts';
import { waitUntilFree } from '../../src/process/port-probe.ts';
import { listen } from '../support/network.ts';

// Listens by a socket that is under way from one process to another, and has no descriptor, until stdin ends.
const underWay = `
import socket, sys
server = socket.socket()
server.bind(("127.0.0.1", 0))
server.listen()
print(server.getsockname()[1], flush=True)
sender, receiver = socket.socketpair()
socket.send_fds(sender, [b"listener"], [server.fileno()])
server.close()
sys.stdin.read()`;

test('a port is waited for while nobody has its socket', async () => {
  const child = spawn('python3', ['-c', underWay], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = await once(child.stdout, 'data');
  await expect.poll(() => findListener(Number(line))).toEqual([{}]);
  const freed = waitUntilFree(Number(line), '127.0.0.1', 30_000);
  // Longer than a look takes: the port is not free, and whoever gives up has given up by now.
  expect(await waitUntilFree(Number(line), '127.0.0.1', 200)).toBe(false);
  child.stdin.end();
  expect(await freed).toBe(true);
});

test('a port that a living process holds is not waited for', async () => {
  const { port } = await listen();
  // Would run into the time limit of the test.
  expect(await waitUntilFree(port, '127.0.0.1', 600_000)).toBe(false);
});
