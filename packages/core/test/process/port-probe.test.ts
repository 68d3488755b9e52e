import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { test as base, expect, onTestFinished } from 'vitest';
import { waitUntilFree } from '../../src/process/port-probe.ts';
import { readProcess } from '../../src/process/procfs.ts';

const test = base.runIf(process.platform === 'linux');

// Listens, and ends its first thread alone: a zombie that has the socket until its last thread ends, when stdin does.
const halfDead = `
import ctypes, os, socket, sys, threading
server = socket.socket()
server.bind(("127.0.0.1", 0))
server.listen()
print(server.getsockname()[1], flush=True)
threading.Thread(target=lambda: (os.read(0, 1), os._exit(0))).start()
ctypes.CDLL(None).pthread_exit(None)`;

test('a port is waited for while only the last threads of a dead process hold it', async () => {
  const child = spawn('python3', ['-c', halfDead], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = await once(child.stdout, 'data');
  await expect.poll(() => readProcess(child.pid as number)?.state).toBe('Z');
  let free: boolean | undefined;
  const freed = waitUntilFree(Number(line), '127.0.0.1', 30_000).then((answer) => {
    free = answer;
  });
  // Longer than a look takes: it has not given up, and the port is not free.
  expect(await waitUntilFree(Number(line), '127.0.0.1', 200)).toBe(false);
  expect(free).toBeUndefined();
  child.stdin.end();
  await freed;
  expect(free).toBe(true);
});

test('a port that a living process holds is not waited for', async () => {
  const server: Server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  // Would run into the time limit of the test.
  expect(await waitUntilFree(port, '127.0.0.1', 600_000)).toBe(false);
});
