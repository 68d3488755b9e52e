import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Connection, connect, connectBy, eras, subscribe } from './support/connect.ts';

const echoServer = fileURLToPath(new URL('./fixtures/echo-server.ts', import.meta.url));
const uri = 'promptbin://processes/echo/logs';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'promptbin-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Connects over HTTP; the server goes when the connection is disposed of. */
async function connectOverHttp(era: (typeof eras)[number]): Promise<Connection> {
  const tokenFile = join(root, 'token');
  const server = spawn(process.execPath, [echoServer, root, tokenFile], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [url] = (await once(server.stdout, 'data')) as [Buffer];
  const authorization = `Bearer ${(await readFile(tokenFile, 'utf8')).trim()}`;
  const transport = new StreamableHTTPClientTransport(new URL(url.toString().trim()), {
    requestInit: { headers: { authorization } },
  });
  const connection = await connectBy(era, transport);
  return {
    ...connection,
    async [Symbol.asyncDispose]() {
      await connection[Symbol.asyncDispose]();
      server.stdin.end();
      await once(server, 'exit');
    },
  };
}

describe.for(eras)('in the %s era', (era) => {
  test.for([
    ['stdio', () => connect(era, [echoServer, root])],
    ['HTTP', () => connectOverHttp(era)],
  ] as const)(
    'who has subscribed to the logs of a process hears over %s that it has written, and then reads',
    async ([, open]) => {
      await using connection = await open();
      const { facts } = await connection.tool('get_process', { name: 'echo' });
      const poke = (): boolean => process.kill(Number(facts.pid), 'SIGUSR2');
      const updates = (): number => connection.pushed.filter(({ params }) => params?.uri === uri).length;
      await subscribe(connection, era, uri);
      // What is written before the server knows how much there was is not news: poked until it is heard.
      const poking = setInterval(poke, 500);
      await connection.arrived(({ params }) => params?.uri === uri);
      clearInterval(poking);
      const { contents } = await connection.client.readResource({ uri });
      expect(contents[0]).toMatchObject({ uri, mimeType: 'text/plain' });
      expect(contents[0]).toHaveProperty('text', expect.stringMatching(/^up\n(again\n)+$/));
      // One poke for each 500 ms, one update for each 2 s at most.
      expect(updates()).toBeLessThanOrEqual(2);
    },
  );
});

test('who has not hears nothing of it', async () => {
  await using connection = await connect('legacy', [echoServer, root]);
  const { facts } = await connection.tool('get_process', { name: 'echo' });
  await subscribe(connection, 'legacy', 'promptbin://processes/echo');
  process.kill(Number(facts.pid), 'SIGUSR2');
  await connection.tool('stop_process', { name: 'echo' });
  await connection.arrived(({ params }) => params?.uri === 'promptbin://processes/echo');
  expect(connection.pushed.filter(({ params }) => params?.uri === uri)).toEqual([]);
});
