import { once } from 'node:events';
import { BoundSocket, connect } from 'node:net';
import { beforeEach, expect, test } from 'vitest';
import { PortAllocator, type PortRequest } from '../../src/process/ports.ts';
import { fixture, listen, start } from './harness.ts';

const host = '127.0.0.1';
let ports: PortAllocator;

beforeEach(() => {
  ports = new PortAllocator();
});

function hold(request: Partial<PortRequest> = {}): ReturnType<PortAllocator['hold']> {
  return ports.hold({ preferred: 'auto', host, strict: false, handoff: false, ...request });
}

test('a free port is given as preferred', async () => {
  const { port, release } = await hold();
  release();
  ports.free(port);
  expect((await hold({ preferred: port, strict: true })).port).toBe(port);
});

test('nobody else can listen on a held port, and somebody can as soon as it is released', async () => {
  const { port, release } = await hold();
  await expect(listen({ port, host })).rejects.toThrow('EADDRINUSE');
  await expect(listen({ port, host: '0.0.0.0' })).rejects.toThrow('EADDRINUSE');
  // A bind alone would let this through: both have SO_REUSEADDR.
  expect(() => new BoundSocket({ port, host })).toThrow('EADDRINUSE');
  release();
  new BoundSocket({ port, host }).close();
  expect(await listen({ port, host })).toBe(port);
});

test('who connects to a held port is turned away, and does not keep it busy', async () => {
  const { port, release } = await hold();
  const client = connect(port, host);
  const [fault] = await once(client, 'error');
  expect(fault).toMatchObject({ code: 'ECONNRESET' });
  release();
  expect(await listen({ port, host })).toBe(port);
});

test('two holds never get the same port, and a released port stays taken until it is freed', async () => {
  const first = await hold();
  first.release();
  const [second, third] = await Promise.all([hold({ preferred: first.port }), hold({ preferred: first.port })]);
  expect(new Set([first.port, second.port, third.port]).size).toBe(3);
  expect(ports.taken()).toEqual(new Set([first.port, second.port, third.port]));
  ports.free(first.port);
  expect((await hold({ preferred: first.port })).port).toBe(first.port);
});

test('a port that is about to be given back says when it has been, and when it has not', async () => {
  const { port, release } = await hold();
  release();
  expect(ports.yielded(port)).toBeUndefined();
  ports.yield(port);
  const given = ports.yielded(port);
  ports.free(port);
  await given;
  expect(ports.yielded(port)).toBeUndefined();

  (await hold({ preferred: port })).release();
  ports.yield(port);
  const kept = ports.yielded(port);
  await hold({ preferred: port, sticky: port });
  await kept;
  expect(ports.yielded(port)).toBeUndefined();
  ports.yield(port + 1);
  expect(ports.yielded(port + 1)).toBeUndefined();
});

test('the next free port is taken when the preferred one is in use', async () => {
  const taken = await listen({ port: 0, host });
  expect((await hold({ preferred: taken })).port).toBeGreaterThan(taken);
});

test('a port that is of no use to the process is not given, though it is free', async () => {
  const { port, release } = await hold();
  release();
  ports.free(port);
  const next = await hold({ preferred: port, skip: new Set([port]) });
  expect(next.port).toBeGreaterThan(port);
});

test.each([
  ['the IPv4 wildcard', { host: '0.0.0.0' }],
  ['::1', { host: '::1' }],
  ['the IPv6 wildcard alone', { host: '::', ipv6Only: true }],
  ['both wildcards', { host: '::' }],
])('somebody on %s counts, for 127.0.0.1 as for localhost', async (_name, options) => {
  const port = await listen({ port: 0, ...options });
  await expect(hold({ preferred: port, strict: true })).rejects.toMatchObject({ code: 'PB_PORT_IN_USE' });
  await expect(hold({ preferred: port, strict: true, host: 'localhost' })).rejects.toMatchObject({
    code: 'PB_PORT_IN_USE',
  });
});

test('a strict port in use names who has it', async () => {
  const held = await hold();
  const env = { PORT: String(held.port) };
  held.release();
  ports.free(held.port);
  const started = start('node', [fixture('serve.mjs'), host], { env });
  await started.saw(/listening/);
  const command = `node ${fixture('serve.mjs')} ${host}`;
  await expect(hold({ preferred: held.port, strict: true })).rejects.toMatchObject({
    code: 'PB_PORT_IN_USE',
    message: `port ${held.port} is held by pid ${started.child.pid} (${command})`,
    hint: expect.stringContaining('port'),
    details: { causeCode: 'portInUse', pid: started.child.pid, command },
  });
});

test('a strict port of another process of this manager says so, though nobody listens yet', async () => {
  const { port, release } = await hold();
  release();
  await expect(hold({ preferred: port, strict: true })).rejects.toThrow(
    `port ${port} is held by another process of this manager`,
  );
});

test('the port of the previous incarnation comes first, and is given back when it is gone', async () => {
  const before = await hold();
  before.release();
  const again = await hold({ sticky: before.port });
  expect(again.port).toBe(before.port);
  again.release();
  await listen({ port: before.port, host });
  const moved = await hold({ sticky: before.port });
  expect(moved.port).not.toBe(before.port);
  expect(ports.taken()).toEqual(new Set([moved.port]));
});

test('a name that does not resolve and an address of another machine are errors', async () => {
  await expect(hold({ host: 'nowhere.invalid' })).rejects.toMatchObject({
    code: 'PB_PORT_NONE_FREE',
    message: expect.stringContaining('host "nowhere.invalid" cannot be resolved'),
  });
  await expect(hold({ host: '192.0.2.1' })).rejects.toMatchObject({
    code: 'PB_PORT_NONE_FREE',
    message: '"192.0.2.1" is not an address of this machine',
  });
});

test('a port that needs privileges is an error, not a reason to take another', async () => {
  const { exited, output } = start('node', [fixture('privileged-port.ts')]);
  await exited;
  expect(JSON.parse(output())).toEqual({
    code: 'PB_PORT_NONE_FREE',
    message: 'port 1 may not be bound by this user',
    details: { causeCode: 'permissionDenied' },
  });
});

test('a held port does not keep Node alive', async () => {
  const source = `
    import { PortAllocator } from ${JSON.stringify(new URL('../../src/process/ports.ts', import.meta.url).href)};
    await new PortAllocator().hold({ preferred: 'auto', host: '127.0.0.1', strict: false });
  `;
  expect((await start('node', ['--input-type=module', '-e', source]).exited).code).toBe(0);
});
