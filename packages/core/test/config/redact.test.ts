import { expect, test } from 'vitest';
import { redactText } from '../../src/config/redact.ts';
import { show } from '../../src/config/show.ts';

test.each([
  ['  API_TOKEN: abc', '  API_TOKEN: [secret]'],
  ['{ "env": { "PASSWORD": "abc" } }', '{ "env": { "PASSWORD": [secret]'],
  ["env: { apiKey: process.env.KEY ?? 'abc' },", 'env: { apiKey: [secret]'],
  ["env['DB_PASSWORD'] = 'abc';", "env['DB_PASSWORD'] = [secret]"],
  ['LICENSE: abc', 'LICENSE: [secret]'],
  ['token: {', 'token: {'],
  ['port: 3000', 'port: 3000'],
  ['MONKEY_KEY: abc', 'MONKEY_KEY: abc'],
])('%s', (text, expected) => {
  expect(redactText(text, ['LICENSE', '!MONKEY_KEY'])).toBe(expected);
});

test('a secret of several lines is hidden line by line', () => {
  const text = 'env:\n  TLS_KEY: |\n    -----BEGIN-----\n    abcdefgh\n  OTHER: abc\n';
  const value = { env: { TLS_KEY: '-----BEGIN-----\nabcdefgh\n', OTHER: 'abc' } };
  expect(redactText(text, [], value)).toBe('env:\n  TLS_KEY: |\n    [secret]\n    [secret]\n  OTHER: abc\n');
});

test('what is inside a section of secrets is secret', () => {
  const value = { shared: { credentials: { user: 'alice', id: 12345 } } };
  expect(redactText('    user: alice\n    id: 12345\n    id: 12\n', [], value)).toBe(
    '    user: [secret]\n    id: [secret]\n    id: 12\n',
  );
});

test('a process with the name of a secret is none', () => {
  const value = { processes: { token: { command: 'node token.js' } } };
  expect(redactText('    command: node token.js', [], value)).toBe('    command: node token.js');
});

test.each([
  [{ path: ['processes', 'web', 'env', 'API_KEY'] }, 'abc', '[secret]'],
  [{ path: ['processes', 'web', 'env', 'API_KEY'] }, 12345, '[secret]'],
  [{ path: ['processes', 'token', 'port'] }, 'abc', '"abc"'],
  [{ path: ['env', 'LICENSE'], secrets: ['LIC*'] }, 'abc', '[secret]'],
  [{}, { a: { password: 'abc' } }, '{"a":{"password":"[secret]"}}'],
  [{}, ['A=1', 'API_KEY=abc'], '["A=1","API_KEY=[secret]"]'],
  [{}, Number.NaN, 'NaN'],
  [{}, /a+/, '/a+/'],
  [{}, 5n, '5'],
  [{}, undefined, 'undefined'],
  [{}, () => {}, 'a function'],
  [{}, 'x'.repeat(100), `"${'x'.repeat(58)}…`],
])('%j: %s is shown as %s', (where, value, expected) => {
  expect(show(value, where)).toBe(expected);
});

test('what cannot be looked at is shown as an object', () => {
  const hostile = {
    get port(): number {
      throw new Error('no luck today');
    },
  };
  expect(show(hostile)).toBe('an object');
});
