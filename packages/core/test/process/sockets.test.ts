import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { listeningSockets, parseSocketTable } from '../../src/process/sockets.ts';
import { listen } from './harness.ts';

const heading = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const rest = '00000000:00000000 00:00000000 00000000  1000        0';

test('listeners of both tables are read, connections are not', () => {
  const table = `${heading}   0: 0100007F:1388 00000000:0000 0A ${rest} 4711 1 0000000000000000 100 0 0 10 0
   1: 0100007F:1388 0100007F:D0EA 01 ${rest} 4712 1 0000000000000000 20 4 30 10 -1
  10: 00000000:0050 00000000:0000 0A ${rest} 4713 1 0000000000000000 100 0 0 10 0\n`;
  expect(parseSocketTable(table)).toEqual([
    { link: 'socket:[4711]', host: '127.0.0.1', port: 5000 },
    { link: 'socket:[4713]', host: '0.0.0.0', port: 80 },
  ]);
  const none = '00000000000000000000000000000000';
  const table6 = ['00000000000000000000000001000000', none, '0000000000000000FFFF00000100007F']
    .map((address, i) => `   ${i}: ${address}:1389 ${none}:0000 0A ${rest} 481${i} 1 0000000000000000 100 0 0 10 0\n`)
    .join('');
  expect(parseSocketTable(heading + table6)).toEqual([
    { link: 'socket:[4810]', host: '::1', port: 5001 },
    { link: 'socket:[4811]', host: '::', port: 5001 },
    { link: 'socket:[4812]', host: '127.0.0.1', port: 5001 },
  ]);
});

test.each(['127.0.0.1', '0.0.0.0', '::1', '::'])('a listener on %s is found as it is bound', async (host) => {
  const port = await listen({ port: 0, host });
  const client = connect(port, host);
  onTestFinished(() => void client.destroy());
  const found = (await listeningSockets.sweep()).filter((socket) => socket.port === port);
  expect(found).toEqual([{ link: expect.stringMatching(/^socket:\[\d+\]$/), host, port }]);
});

test('a mapped address is the IPv4 one', async () => {
  const port = await listen({ port: 0, host: '::ffff:127.0.0.1' });
  expect(await listeningSockets.sweep()).toContainEqual(expect.objectContaining({ host: '127.0.0.1', port }));
});
