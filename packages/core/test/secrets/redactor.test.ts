import { expect, test } from 'vitest';
import { PromptbinError } from '../../src/errors/error.ts';
import { redactFault } from '../../src/secrets/fault.ts';
import { Redactor } from '../../src/secrets/redactor.ts';

function redactorOf(env: unknown, { marks = [], names = [] }: { marks?: string[]; names?: string[] } = {}): Redactor {
  const redactor = new Redactor();
  redactor.configure(marks, names);
  redactor.learn('web', env);
  return redactor;
}

test('the value of a secret variable is replaced wherever it stands, and other values are not', () => {
  const redactor = redactorOf({ API_TOKEN: 'tok-123456', USER: 'somebody' });
  expect(redactor.redact('Bearer tok-123456, tok-123456tok-123456 of somebody')).toBe(
    'Bearer [secret], [secret][secret] of somebody',
  );
  expect(redactor.redact('tok-12345')).toBe('tok-12345');
});

test.each([
  ['postgres://app:hunter2%21pass@db/shop', 'postgres://app:[secret]@db/shop', 'login with [secret] failed'],
  ['redis://:hunter2!pass@cache', 'redis://:[secret]@cache', 'login with [secret] failed'],
  ['postgres://app:password@db/shop', 'postgres://app:password@db/shop', 'login with hunter2!pass failed'],
  ['postgres://v1.0-a:v1.0-a@db', 'postgres://v1.0-a:v1.0-a@db', 'login with hunter2!pass failed'],
])('the password of a URL is one under whatever name, unless it says something else, too: %s', (url, shown, line) => {
  const redactor = redactorOf({ DATABASE_URL: url });
  expect(redactor.redact(url)).toBe(shown);
  expect(redactor.redact('login with hunter2!pass failed')).toBe(line);
});

test('values of 6 characters and more are hidden, marked ones of 4', () => {
  const redactor = redactorOf({ A_TOKEN: '12345', B_TOKEN: 'abcdef', CC: 'wxyz', CD: 'xy1' }, { marks: ['C*'] });
  expect(redactor.redact('12345 abcdef wxyz xy1')).toBe('12345 [secret] [secret] xy1');
});

test('what also stands under an open name of the same environment is no secret', () => {
  const redactor = redactorOf({ POSTGRES_PASSWORD: 'postgres', POSTGRES_USER: 'postgres' });
  expect(redactor.secrets).toBeUndefined();
  redactor.learn('db', { POSTGRES_PASSWORD: 'postgres' });
  expect(redactor.redact('postgres')).toBe('[secret]');
});

test('a secret that has been replaced stays hidden, unless it now stands in the open', () => {
  const redactor = redactorOf({ A_TOKEN: 'old-secret', B_TOKEN: 'was-secret' });
  redactor.learn('web', { A_TOKEN: 'new-secret', B: 'was-secret' });
  redactor.learn('web', { A_TOKEN: 'newest-secret' });
  expect(redactor.redact('old-secret new-secret newest-secret was-secret')).toBe(
    '[secret] [secret] [secret] was-secret',
  );
});

test('of secrets that are replaced all the time, only the last hundred are remembered', () => {
  const redactor = new Redactor();
  for (let count = 0; count < 1000; count += 1) redactor.learn('web', { A_TOKEN: `secret-${count}.` });
  expect(redactor.secrets?.all).toHaveLength(101);
  expect(redactor.redact('secret-898. secret-899. secret-999.')).toBe('secret-898. [secret] [secret]');
});

test('the longest of the secrets that begin at one place is replaced as a whole', () => {
  const redactor = redactorOf({ A_TOKEN: 'abcdef', B_TOKEN: 'abcdefgh', C_TOKEN: 'cdefghij' });
  expect(redactor.redact('abcdefgh abcdefg abcdefghij')).toBe('[secret] [secret]g [secret]ij');
});

test('of a value of several lines each line that tells something is hidden by itself', () => {
  const lines = ['-----BEGIN KEY-----', 'MIIEvQIBADANBgkqhkiG', 'short', '9w0BAQEFAASCBKcwggSj', '-----END KEY-----'];
  for (const value of [lines.join('\n'), lines.join('\r\n'), `${lines.join('\\n')}\n`]) {
    const redactor = redactorOf({ TLS_KEY: value });
    expect(redactor.redact(value.trim())).toBe('[secret]');
    expect(redactor.redact(lines.join(' | '))).toBe(
      '-----BEGIN KEY----- | [secret] | short | [secret] | -----END KEY-----',
    );
  }
});

test('a text that was cut off in the middle of a secret shows no more than three of its characters', () => {
  const redactor = redactorOf({ A_TOKEN: 'grünkohl-1234567' });
  expect(redactor.redact('is "grünkohl-12…, expected "grün…')).toBe('is "[secret]…, expected "[secret]…');
  expect(redactor.redact('so gr… or grünkohl-12')).toBe('so gr… or grünkohl-12');
});

test('redacting twice changes nothing, even when the secret is a part of the marker', () => {
  const redactor = redactorOf({ DB_PASSWORD: 'secret' });
  expect(redactor.redact('my secret')).toBe('my [secret]');
  expect(redactor.redact('my [secret] secret')).toBe('my [secret] [secret]');
});

test('objects and lists are redacted deeply, keys too; what holds no secret stays the very same object', () => {
  const redactor = redactorOf({ A_TOKEN: 'tok-123456' });
  const clean = { list: ['a', { b: 1, c: null }], at: new Date(0) };
  expect(redactor.redactAll(clean)).toBe(clean);
  expect(redactor.redactAll({ clean, 'x-tok-123456': [{ text: '<tok-123456>' }] })).toEqual({
    clean,
    'x-[secret]': [{ text: '<[secret]>' }],
  });
  const words = redactorOf({ A_PASSWORD: 'generation' });
  expect(words.redactAll({ generation: 'of a generation' })).toEqual({ generation: 'of a [secret]' });
  const circle: Record<string, unknown> = { text: 'tok-123456' };
  circle.self = circle;
  expect(redactor.redactAll(circle)).toMatchObject({ text: '[secret]' });
});

test('a name by which things are found stays whole, though it is a secret inside a sentence', () => {
  const redactor = redactorOf({ DB_PASSWORD: 'postgres' }, { names: ['postgres', 'postgres-main'] });
  expect(redactor.redactAll({ name: 'postgres', other: 'postgres-main', text: 'postgres failed' })).toEqual({
    name: 'postgres',
    other: 'postgres-main',
    text: '[secret] failed',
  });
});

test('JSON is searched by its keys, and all below a secret key is secret', () => {
  const redactor = redactorOf({
    stripe: { apiKey: 'sk_live_1', currency: 'dollar' },
    credentials: { id: 'ident-1', list: ['first-one', 1234567, true] },
  });
  expect(redactor.redact('sk_live_1 dollar ident-1 first-one 1234567 true')).toBe(
    '[secret] dollar [secret] [secret] [secret] true',
  );
});

test('an error is redacted in message, hint and details, and loses the cause that tells the same', () => {
  const redactor = redactorOf({ A_TOKEN: 'tok-123456' });
  const fault = new PromptbinError('PB_SPAWN_FAILED', 'cannot run "x tok-123456"', {
    hint: 'Correct tok-123456.',
    process: 'web',
    details: { args: ['tok-123456'] },
    cause: new Error('x tok-123456'),
  });
  const redacted = redactFault(fault, redactor) as PromptbinError;
  expect(redacted).toMatchObject({
    code: 'PB_SPAWN_FAILED',
    hint: 'Correct [secret].',
    process: 'web',
    details: { args: ['[secret]'] },
  });
  expect(redacted.message).toBe('cannot run "x [secret]"');
  expect(redacted.cause).toBeUndefined();
  expect(`${redacted.stack}`).not.toContain('tok-123456');
  const harmless = new PromptbinError('PB_SPAWN_FAILED', 'cannot run "x"');
  expect(redactFault(harmless, redactor)).toBe(harmless);
  expect(redactFault(new TypeError('of tok-123456'), redactor)).toMatchObject({ message: 'of [secret]' });
});
