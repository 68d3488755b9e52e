import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Redactor } from '../../src/secrets/redactor.ts';
import { bytes, type TestStore, testStore } from './harness.ts';

const lines = ['{', 'the first line of it', 'the second line of it', '}'];

async function secretStore(): Promise<TestStore & { texts: () => string[]; onDisk: () => string }> {
  const redactor = new Redactor();
  redactor.learn('web', { API_TOKEN: 'tok-123456', GOOGLE_CREDENTIALS: lines.join('\n') });
  const made = await testStore({ redactor });
  return {
    ...made,
    texts: () => made.store.page({}).lines.map(({ text }) => text),
    onDisk: () => readFileSync(made.file, 'utf8'),
  };
}

test('a secret is shown nowhere, even when it comes in several chunks', async () => {
  const { store, texts, onDisk } = await secretStore();
  const seen: string[] = [];
  store.onLine = ({ text }) => seen.push(text);
  for (const part of ['one to', 'k-123', '456 two\nthree tok-1234', '56', '\nfour\n']) store.write('out', bytes(part));
  const expected = ['one [secret] two', 'three [secret]', 'four'];
  expect(texts()).toEqual(expected);
  expect(seen).toEqual(expected);
  expect(store.tail(3)).toEqual(expected);
  expect(onDisk()).toBe(`${expected.join('\n')}\n`);
});

test('the two streams do not complete the secrets of each other', async () => {
  const { store, texts } = await secretStore();
  store.write('out', bytes('tok-123'));
  store.write('err', bytes('456\n'));
  store.write('out', bytes('456\n'));
  expect(texts()).toEqual(['456', '[secret]']);
});

test('the beginning of a secret at the end of the output is shown when the process has ended', async () => {
  const { store, texts, onDisk } = await secretStore();
  store.write('out', bytes('one\ntok-12'));
  expect(onDisk()).toBe('one\n');
  store.flush();
  expect(texts()).toEqual(['one', 'tok-12']);
  expect(onDisk()).toBe('one\ntok-12');
});

test('output that comes after the end and rests is not lost when the manager closes', async () => {
  const { store, onDisk } = await secretStore();
  store.flush();
  store.write('out', bytes('tok-12'));
  store.close();
  expect(onDisk()).toBe('tok-12');
});

test('a secret that is begun, and goes on after minutes, is still found', async () => {
  const { store, clock, texts } = await secretStore();
  store.write('out', bytes('is tok-'));
  await clock.advance(600_000);
  store.write('out', bytes('123456\n'));
  expect(texts()).toEqual(['is [secret]']);
});

test('lines like the first ones of a secret are shown when nothing follows; the secret itself is not', async () => {
  const { store, clock, texts } = await secretStore();
  store.write('out', bytes('{\n'));
  expect(texts()).toEqual([]);
  await clock.advance(100);
  expect(texts()).toEqual(['{']);
  store.write('out', bytes(`${lines.slice(0, 2).join('\n')}\n`));
  store.write('out', bytes(`${lines.slice(2).join('\n')}\n`));
  expect(texts()).toEqual(['{', '[secret]']);
});

test('who waits for an unfinished line gets it whole, though its end is like the beginning of a secret', async () => {
  const { store, clock, onDisk } = await secretStore();
  const ready = store.waitFor(/^ready to$/, { signal: new AbortController().signal });
  store.write('out', bytes('ready to'));
  await clock.advance(100);
  await expect(ready).resolves.toMatchObject({ text: 'ready to' });
  expect(onDisk()).toBe('ready ');
});

test('who waits for a line sees it without its secrets', async () => {
  const { store } = await secretStore();
  store.write('out', bytes('token is tok-123456\n'));
  await expect(store.waitFor('token is', { signal: new AbortController().signal })).resolves.toMatchObject({
    text: 'token is [secret]',
  });
});
