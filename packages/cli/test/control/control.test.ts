import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { type IncomingMessage, type RequestOptions, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { PromptbinError } from '@promptbin/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connect } from '../../src/control/client.ts';
import { prepareProject } from '../../src/control/project.ts';
import { serveControl } from '../../src/control/server.ts';
import { socketPath } from '../../src/control/socket-path.ts';
import { eventOf, lineOf, ScriptedSource } from './scripted-source.ts';

let root: string;
let source: ScriptedSource;
let joined: string[];
let server: AsyncDisposable;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'promptbin-'));
  await prepareProject(root);
  source = new ScriptedSource();
  joined = [];
  server = await serveControl({
    socket: socketPath(root),
    source,
    heartbeatMs: 50,
    stallMs: 300,
    join(client) {
      joined.push(`+${client}`);
      return { [Symbol.dispose]: () => void joined.push(`-${client}`) };
    },
  });
});

afterEach(async () => {
  source.end();
  await server[Symbol.asyncDispose]();
  await rm(root, { recursive: true });
});

async function send(options: RequestOptions, body?: string): Promise<IncomingMessage> {
  const sent = request({ socketPath: socketPath(root), agent: false, ...options }).end(body);
  const [response] = await once(sent, 'response');
  return response;
}

async function refusal(options: RequestOptions, body?: string): Promise<[status: number | undefined, code: string]> {
  const response = await send(options, body);
  return [response.statusCode, JSON.parse(await text(response)).error.code];
}

async function until(test: () => boolean): Promise<void> {
  while (!test()) await sleep(5);
}

describe('commands', () => {
  test('pass through with their input and caller, and come back as they are', async () => {
    source.handlers['process.get'] = async (input, { caller }) => ({ ok: true, value: { input, caller } });
    const manager = await connect(root);
    const result = await manager.call('process.get', { name: 'web' }, { caller: 'a test' });
    expect(result).toEqual({ ok: true, value: { input: { name: 'web' }, caller: 'a test' } });
    expect(await manager.commands()).toHaveLength(1);
  });

  test('an unknown one is 404 on the wire and a failed result for the client', async () => {
    expect(await refusal({ method: 'POST', path: '/v1/call/no.such' })).toEqual([404, 'PB_COMMAND_UNKNOWN']);
    const result = await (await connect(root)).call('no.such', {}, { caller: 'a test' });
    expect(result).toMatchObject({ ok: false, error: { code: 'PB_COMMAND_UNKNOWN' } });
  });

  test('a client that goes away aborts its call', async () => {
    const { promise, resolve } = Promise.withResolvers<AbortSignal | undefined>();
    const ended = Promise.withResolvers<void>();
    source.handlers['process.start'] = async (_input, { signal }) => {
      resolve(signal);
      await ended.promise;
      return { ok: true, value: null };
    };
    const abort = new AbortController();
    const manager = await connect(root);
    const call = manager.call('process.start', {}, { caller: 'a test', signal: abort.signal });
    const signal = await promise;
    expect(signal?.aborted).toBe(false);
    abort.abort(new Error('no longer needed'));
    await expect(call).rejects.toThrow('no longer needed');
    await until(() => signal?.aborted === true);
    ended.resolve();
  });

  test('one that is under way when the server ends is still answered', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    source.handlers['manager.stop'] = async () => {
      resolve();
      await sleep(50);
      return { ok: true, value: 'stopped' };
    };
    const manager = await connect(root);
    const call = manager.call('manager.stop', {}, { caller: 'a test' });
    await promise;
    await server[Symbol.asyncDispose]();
    expect(await call).toEqual({ ok: true, value: 'stopped' });
  });
});

describe('what is not taken', () => {
  test.each([
    ['a web page', { headers: { origin: 'http://localhost' } }],
    ['another host', { headers: { host: 'attacker.example' } }],
  ])('%s gets 403', async (_who, options) => {
    expect(await refusal({ path: '/v1/status', ...options })).toEqual([403, 'PB_CONTROL_REQUEST']);
  });

  test('text that is not JSON gets 400, more than a megabyte 413, an unknown path 404', async () => {
    const call = { method: 'POST', path: '/v1/call/process.get' };
    expect(await refusal(call, '{')).toEqual([400, 'PB_CONTROL_REQUEST']);
    expect(await refusal(call, JSON.stringify('x'.repeat(1024 * 1024)))).toEqual([413, 'PB_CONTROL_REQUEST']);
    expect(await refusal({ path: '/v1/nothing' })).toEqual([404, 'PB_CONTROL_REQUEST']);
    expect(await refusal({ method: 'GET', path: '/v1/call/process.get' })).toEqual([404, 'PB_CONTROL_REQUEST']);
  });

  test.each(['/v1/events?after=new', '/v1/logs/web?tail=-1', '/v1/logs/web?follow=', '/v1/logs/web?after=1e3'])(
    '%s gets 400, for what is no number means nothing',
    async (path) => {
      expect(await refusal({ path })).toEqual([400, 'PB_CONTROL_REQUEST']);
    },
  );
});

describe('events', () => {
  test('are replayed after a number and then followed', async () => {
    source.emit(eventOf(1), eventOf(2));
    const manager = await connect(root);
    const seen: number[] = [];
    for await (const { seq } of manager.subscribe({ after: 1 })) {
      seen.push(seq);
      if (seq === 2) source.emit(eventOf(3));
      if (seq === 3) break;
    }
    expect(seen).toEqual([2, 3]);
    await until(() => source.following === 0);
  });

  test('that are no longer kept leave a mark on the wire, and none for the client', async () => {
    source.emit(eventOf(4), eventOf(5), eventOf(9));
    source.end();
    const read = async (path: string): Promise<unknown[]> => {
      const written = (await text(await send({ path }))).split('\n').filter((line) => line !== '');
      return written
        .map((line) => JSON.parse(line))
        .map(({ seq, type, data }) => (type === 'gap' ? [seq, data.missed] : seq));
    };
    expect(await read('/v1/events?after=0')).toEqual([[3, 3], 4, 5, [8, 3], 9]);
    expect(await read('/v1/logs/web?after=2')).toEqual([3]);
    expect(await read('/v1/logs/web?after=0&tail=1')).toEqual([3]);
    const seen: number[] = [];
    for await (const { seq } of (await connect(root)).subscribe({ after: 0 })) seen.push(seq);
    expect(seen).toEqual([4, 5, 9]);
  });

  test('end with the manager, and reject when it breaks off', async () => {
    const manager = await connect(root);
    const follow = async (): Promise<void> => {
      for await (const _ of manager.subscribe({ after: 0 }));
    };
    const ended = follow();
    await until(() => source.following === 1);
    source.end();
    await ended;

    source = new ScriptedSource();
    await server[Symbol.asyncDispose]();
    await expect(follow()).rejects.toMatchObject({ code: 'PB_MANAGER_GONE' });
  });

  test('are kept alive by empty lines', async () => {
    const response = await send({ path: '/v1/events' });
    const [chunk] = await once(response.setEncoding('utf8'), 'data');
    expect(chunk).toBe('\n');
    response.destroy();
  });

  test('a reader that does not read is disconnected, and the others go on', async () => {
    const stuck = await send({ path: '/v1/events?after=0' });
    stuck.pause();
    const manager = await connect(root);
    const large = 'x'.repeat(100_000);
    const seen: number[] = [];
    const reading = (async () => {
      for await (const { seq } of manager.subscribe({ after: 0 })) if (seen.push(seq) === 100) break;
    })();
    for (let seq = 1; seq <= 100; seq += 1) source.emit(eventOf(seq, large));
    await reading;
    expect(seen.at(-1)).toBe(100);
    await until(() => source.following === 0);
    stuck.destroy();
  });

  test('a client that says its name joins for as long as it follows', async () => {
    const manager = await connect(root, { client: 'mcp' });
    const abort = new AbortController();
    const reading = (async () => {
      for await (const _ of manager.subscribe({ signal: abort.signal }));
    })();
    await until(() => joined.length === 1);
    abort.abort();
    await reading;
    await until(() => joined.length === 2);
    expect(joined).toEqual(['+mcp', '-mcp']);
  });
});

describe('lines', () => {
  test('come with a cursor or a number of the newest', async () => {
    const manager = await connect(root);
    const read = async (query: object): Promise<number[]> => {
      const seen: number[] = [];
      for await (const { seq } of manager.lines('web', query)) seen.push(seq);
      return seen;
    };
    expect(await read({ after: 2 })).toEqual([3]);
    expect(await read({ tail: 2 })).toEqual([2, 3]);
    for await (const line of manager.lines('web', { tail: 1 })) expect(line).toEqual(lineOf(3));
  });

  test('of an unknown process reject with what the manager says', async () => {
    const manager = await connect(root);
    const lines = manager.lines('wbe')[Symbol.asyncIterator]();
    await expect(lines.next()).rejects.toMatchObject({
      code: 'PB_PROCESS_UNKNOWN',
      message: 'There is no process "wbe".',
      hint: 'Known: web.',
    });
  });
});

describe('metrics', () => {
  test('are the text of the plugin that has them, and 404 without one', async () => {
    expect(await refusal({ path: '/v1/metrics' })).toEqual([404, 'PB_COMMAND_UNKNOWN']);
    source.handlers['metrics.get'] = async (input) => ({
      ok: true,
      value: { contentType: 'text/plain; version=0.0.4', text: JSON.stringify(input) },
    });
    const response = await send({ path: '/v1/metrics' });
    expect(response.headers['content-type']).toBe('text/plain; version=0.0.4');
    expect(await text(response)).toBe('{"format":"prometheus"}');
  });
});

describe('the socket', () => {
  test('is for its owner only, and takes the place of one that nobody listens on', async () => {
    const { mode } = await stat(socketPath(root));
    expect(mode & 0o777).toBe(0o600);
    await server[Symbol.asyncDispose]();
    await writeFile(socketPath(root), 'left by a manager that was killed');
    server = await serveControl({ socket: socketPath(root), source });
    expect((await (await connect(root)).status()).manager.pid).toBe(process.pid);
  });

  test('nobody there is PB_MANAGER_GONE, also in the middle of a call', async () => {
    source.handlers['process.start'] = () => new Promise(() => {});
    const manager = await connect(root);
    const call = manager.call('process.start', {}, { caller: 'a test' });
    await server[Symbol.asyncDispose]();
    expect(await call).toMatchObject({ ok: false, error: { code: 'PB_MANAGER_GONE' } });
    const refused = await connect(root).catch((cause: unknown) => cause);
    expect(PromptbinError.is(refused) && refused.code).toBe('PB_MANAGER_GONE');
  });
});
