import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { waitUntilFree } from '../../src/process/port-probe.ts';
import { readProcess } from '../../src/process/procfs.ts';
import { listen } from '../support/network.ts';

// Listens, and ends its first thread alone: a zombie that has the socket until its last thread ends, when stdin does.
const halfDead = `
import ctypes, os, socket, threading
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
