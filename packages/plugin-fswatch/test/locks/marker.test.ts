import { expect, test } from 'vitest';
import { formatMarker, type MarkerContent, type Owner, parseMarker } from '../../src/locks/marker.ts';

const parse = (text: string): MarkerContent => parseMarker(Buffer.from(text));

test.each<[string, Owner]>([
  ['12\nweb1\n', { pid: 12, host: 'web1' }],
  ['12\nweb1\n34\n', { pid: 12, host: 'web1', start: 34n }],
  [`1\nweb1\n${2n ** 190n}\n`, { pid: 1, host: 'web1', start: 2n ** 190n }],
  ['2147483647\nweb1?pidns-f0000001\n0\n', { pid: 2_147_483_647, host: 'web1?pidns-f0000001', start: 0n }],
  ['\n12\r\nweb1\r\n\n', { pid: 12, host: 'web1' }],
])('what names its owner (%#)', (text, owner) => {
  expect(parse(text)).toEqual({ kind: 'owner', owner });
});

test.each([
  '12\nweb1',
  '12\nweb1\n34',
  '12\n',
  '12',
  '\n',
  '0\nweb1\n',
  '-1\nweb1\n',
  '2147483648\nweb1\n',
  '1_0\nweb1\n',
  'x\nweb1\n',
  '12\n\n34\n',
  '12\nweb1\nx\n',
  '12\nweb1\n34\n56\n',
  'filelock/released\n',
  'DIRC\0\0\0\u0002\n',
])('%j names nobody', (text) => {
  expect(parse(text)).toEqual({ kind: 'malformed' });
});

test('what filelock holds the name with while it breaks a lock names the breaker', () => {
  expect(parse('filelock/break\n77\n')).toEqual({ kind: 'malformed', breaker: 77 });
  expect(parse('filelock/break\n0\n')).toEqual({ kind: 'malformed' });
});

test('an empty one is told from garbage; one that is too long or no text is garbage', () => {
  expect(parse('')).toEqual({ kind: 'empty' });
  expect(parse(`12\n${'x'.repeat(1018)}\n`)).toMatchObject({ kind: 'owner' });
  expect(parse(`12\n${'x'.repeat(1021)}\n`)).toEqual({ kind: 'malformed' });
  expect(parseMarker(Buffer.from([0x31, 0x0a, 0xff, 0x0a]))).toEqual({ kind: 'malformed' });
});

test.each([
  { pid: 12, host: 'web1' },
  { pid: 12, host: 'web1', start: 2n ** 100n },
])('what is written is read back', (owner) => {
  expect(parse(formatMarker(owner))).toEqual({ kind: 'owner', owner });
});
