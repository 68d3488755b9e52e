import { expect, test } from 'vitest';
import { type Address, canonicalAddress, findingOf, reachedAt } from '../../src/process/address.ts';

const told = (host: string): Address => ({ host, port: 5000 });
const on = (...hosts: string[]): Address[] => hosts.map((host) => ({ host, port: 5000 }));
const ports = (...numbers: number[]): Address[] => numbers.map((port) => ({ host: '127.0.0.1', port }));

test.each([
  ['127.0.0.1', '127.0.0.1'],
  ['127.0.0.1', '127.0.0.1', '::1'],
  ['127.0.0.1', '192.168.1.5', '127.0.0.1'],
  ['::ffff:127.0.0.1', '127.0.0.1'],
  ['::1', '::1'],
  ['0:0:0:0:0:0:0:1', '::1'],
  ['localhost', '127.0.0.1'],
  ['localhost', '::1'],
  ['0.0.0.0', '0.0.0.0'],
  ['0.0.0.0', '::'],
  ['::', '::'],
  ['192.168.1.5', '192.168.1.5'],
  ['app.test', '192.168.1.5'],
])('told %s, bound to %s: as told', (host, ...bound) => {
  expect(findingOf(told(host), on(...bound))).toEqual({ kind: 'told' });
});

test.each([
  ['127.0.0.1', '0.0.0.0', 'exposed', '127.0.0.1'],
  ['127.0.0.1', '::', 'exposed', '127.0.0.1'],
  ['localhost', '::', 'exposed', 'localhost'],
  ['localhost', '0.0.0.0', 'exposed', 'localhost'],
  ['192.168.1.5', '0.0.0.0', 'exposed', '192.168.1.5'],
  ['::1', '::', 'exposed', '::1'],
  ['::1', '0.0.0.0', 'exposed', '0.0.0.0'],
  ['0.0.0.0', '127.0.0.1', 'hidden', '0.0.0.0'],
  ['0.0.0.0', '::1', 'hidden', '::1'],
  ['::', '::1', 'hidden', '::'],
  ['::', '127.0.0.1', 'hidden', '127.0.0.1'],
  ['127.0.0.1', '::1', 'family', '::1'],
  ['::1', '127.0.0.1', 'family', '127.0.0.1'],
  ['::', '0.0.0.0', 'family', '0.0.0.0'],
  ['127.0.0.1', '127.0.1.1', 'address', '127.0.1.1'],
  ['127.0.0.1', '192.168.1.5', 'address', '192.168.1.5'],
  ['192.168.1.5', '127.0.0.1', 'address', '127.0.0.1'],
  ['0.0.0.0', '192.168.1.5', 'address', '192.168.1.5'],
  ['localhost', '192.168.1.5', 'address', '192.168.1.5'],
])('told %s, bound to %s: %s, found at %s', (host, bound, deviation, at) => {
  expect(findingOf(told(host), on(bound))).toEqual({
    kind: 'elsewhere',
    deviation,
    host: bound,
    port: 5000,
    at: { host: at, port: 5000 },
  });
});

test('of several addresses on the port that it was told, the one next to what it was told decides', () => {
  expect(findingOf(told('127.0.0.1'), on('192.168.1.5', '::1'))).toMatchObject({ deviation: 'family', host: '::1' });
  expect(findingOf(told('0.0.0.0'), on('192.168.1.5', '127.0.0.1'))).toMatchObject({ deviation: 'hidden' });
});

test('the port that it was told decides, whatever else is open', () => {
  expect(findingOf(told('127.0.0.1'), [...ports(5001, 6000), ...on('127.0.0.1')])).toEqual({ kind: 'told' });
  expect(findingOf(told('127.0.0.1'), [...ports(5001), ...on('::')], 5001)).toMatchObject({ deviation: 'exposed' });
});

test('the only other port is where it listens, on whatever addresses', () => {
  const found = { kind: 'elsewhere', deviation: 'port', port: 5001 };
  expect(findingOf(told('127.0.0.1'), ports(5001))).toMatchObject({ ...found, at: { host: '127.0.0.1', port: 5001 } });
  const both = ['::1', '127.0.0.1'].map((host) => ({ host, port: 5001 }));
  expect(findingOf(told('127.0.0.1'), both)).toMatchObject({ ...found, host: '127.0.0.1' });
  expect(findingOf(told('127.0.0.1'), [{ host: '::1', port: 5001 }])).toMatchObject({ ...found, at: { host: '::1' } });
  expect(findingOf(told('127.0.0.1'), [{ host: '::', port: 5001 }])).toMatchObject({
    ...found,
    host: '::',
    at: { host: '127.0.0.1', port: 5001 },
  });
});

test('of several other ports none is meant, but the one that was before stays', () => {
  expect(findingOf(told('127.0.0.1'), ports(6000, 5001))).toEqual({ kind: 'ambiguous', ports: [5001, 6000] });
  expect(findingOf(told('127.0.0.1'), ports(6000, 5001), 6000)).toMatchObject({ deviation: 'port', port: 6000 });
  expect(findingOf(told('127.0.0.1'), ports(5001), 6000)).toMatchObject({ deviation: 'port', port: 5001 });
});

test('a debugger is no app, unless its port is the one that was told', () => {
  expect(findingOf(told('127.0.0.1'), ports(9229))).toEqual({ kind: 'nowhere' });
  expect(findingOf(told('127.0.0.1'), ports(5678, 9229))).toEqual({ kind: 'nowhere' });
  expect(findingOf(told('127.0.0.1'), ports(9229, 5001))).toMatchObject({ deviation: 'port', port: 5001 });
  expect(findingOf({ host: '127.0.0.1', port: 9229 }, ports(9229))).toEqual({ kind: 'told' });
});

test('nothing open: nowhere', () => {
  expect(findingOf(told('127.0.0.1'), [])).toEqual({ kind: 'nowhere' });
});

test.each([
  ['::FFFF:127.0.0.1', '127.0.0.1'],
  ['0:0:0:0:0:0:0:0', '::'],
  ['fe80::1%eth0', 'fe80::1'],
  ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
  ['10.0.0.1', '10.0.0.1'],
  ['app.test', 'app.test'],
])('%s is %s', (address, canonical) => {
  expect(canonicalAddress(address)).toBe(canonical);
});

test.each([
  ['127.0.0.1', ['::1', '127.0.0.1'], '127.0.0.1'],
  ['127.0.0.1', ['::', '0.0.0.0'], '0.0.0.0'],
  ['127.0.0.1', ['::1', '::'], '::'],
  ['127.0.0.1', ['0.0.0.0', '127.0.0.1'], '127.0.0.1'],
  ['127.0.0.1', ['::1', '127.0.0.2'], undefined],
  ['::1', ['::', '::1'], '::1'],
  ['::1', ['0.0.0.0', '::'], '::'],
  ['::1', ['0.0.0.0', '127.0.0.1'], undefined],
  ['0:0:0:0:0:0:0:1', ['::1'], '::1'],
  ['0.0.0.0', ['127.0.0.1'], '127.0.0.1'],
  ['::', ['::1'], '::1'],
])('of the listeners, asked at %s: %j, it is %s', (address, bound, expected) => {
  expect(reachedAt(address, on(...bound)).map(({ host }) => host)).toEqual(expected === undefined ? [] : [expected]);
});
