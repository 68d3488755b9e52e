import { expect, test } from 'vitest';
import { bytes, testStore } from './harness.ts';

const never = { signal: new AbortController().signal };

test('a line that matches, even in pieces, on either stream', async () => {
  const { store } = await testStore();
  const found = store.waitFor('ready', never);
  store.write('out', bytes('not yet\n'));
  store.write('err', bytes('server rea'));
  store.write('err', bytes('dy on 5000\n'));
  expect(await found).toEqual({ text: 'server ready on 5000', seq: 2, cursor: 2 });
});

test('text that is split over the two streams does not match', async () => {
  const { store, clock } = await testStore();
  const stop = new AbortController();
  const found = store.waitFor('ready', { signal: stop.signal });
  store.write('out', bytes('rea'));
  store.write('err', bytes('dy\n'));
  await clock.advance(1000);
  stop.abort(new Error('enough'));
  await expect(found).rejects.toThrow('enough');
});

test('a line that came before anybody waited', async () => {
  const { store } = await testStore();
  store.write('out', bytes('ready\nand more\n'));
  expect(await store.waitFor(/^ready$/, never)).toEqual({ text: 'ready', seq: 1, cursor: 2 });
});

test('an unfinished line counts when it has rested for 100 ms, not before', async () => {
  const { store, clock } = await testStore();
  const found = store.waitFor('server', never);
  store.write('out', bytes('server ready'));
  await clock.advance(99);
  store.write('out', bytes(' at last'));
  await clock.advance(99);
  const state = await Promise.race([found, Promise.resolve('still waiting')]);
  expect(state).toBe('still waiting');
  // The other stream has nothing to do with it.
  store.write('err', bytes('noise'));
  await clock.advance(1);
  expect(await found).toEqual({ text: 'server ready at last', seq: 1, cursor: 1 });
});

test('an unfinished line that came before anybody waited', async () => {
  const { store, clock } = await testStore();
  store.write('err', bytes('login: '));
  const found = store.waitFor(/^login: $/, never);
  await clock.advance(100);
  expect(await found).toEqual({ text: 'login: ', seq: 1, cursor: 1 });
});

test('output of the incarnation before does not count, and who waited for it gets nothing', async () => {
  const { store, clock } = await testStore();
  store.write('out', bytes('ready 1\nready 1 again'));
  const stop = new AbortController();
  const stale = store.waitFor('ready 2', { signal: stop.signal });
  store.begin(2);
  const found = store.waitFor('ready', never);
  await clock.advance(1000);
  store.write('out', bytes('ready 2\n'));
  expect(await found).toMatchObject({ text: 'ready 2' });
  stop.abort(new Error('stale'));
  await expect(stale).rejects.toThrow('stale');
});

test.each([/ready/g, /ready/y, /ready/gy])('%s is tested from the start of each line', async (pattern) => {
  const { store } = await testStore();
  pattern.lastIndex = 3;
  store.write('out', bytes('ready\n'));
  for (let i = 0; i < 3; i += 1) expect(await store.waitFor(pattern, never)).toMatchObject({ text: 'ready' });
  const found = store.waitFor(/x|ready/g, never);
  store.write('out', bytes('ready\nready\n'));
  expect(await found).toMatchObject({ text: 'ready' });
  expect(pattern.lastIndex).toBe(3);
});

test('a signal that is aborted already rejects at once', async () => {
  const { store } = await testStore();
  store.write('out', bytes('ready\n'));
  await expect(store.waitFor('ready', { signal: AbortSignal.abort(new Error('too late')) })).rejects.toThrow(
    'too late',
  );
});

test('everybody who waits is answered', async () => {
  const { store } = await testStore();
  const found = Promise.all([store.waitFor('a', never), store.waitFor('b', never), store.waitFor(/a|b/, never)]);
  store.write('out', bytes('a\nb\n'));
  expect((await found).map(({ text }) => text)).toEqual(['a', 'b', 'a']);
});

test('lines up to `after` do not count, come already or to come', async () => {
  const { store } = await testStore();
  store.write('out', bytes('ready\nother\nready\n'));
  expect(await store.waitFor('ready', { ...never, after: 1 })).toEqual({ text: 'ready', seq: 3, cursor: 3 });
  const later = store.waitFor('ready', { ...never, after: 4 });
  store.write('err', bytes('ready too early\nready\n'));
  expect(await later).toEqual({ text: 'ready', seq: 5, cursor: 5 });
});

test('an unfinished line has the number that it gets when it ends, so that it is not found twice', async () => {
  const { store, clock } = await testStore();
  store.write('out', bytes('first\nlogin: '));
  const prompt = store.waitFor('login', never);
  await clock.advance(100);
  const { seq } = await prompt;
  expect(seq).toBe(2);
  const next = store.waitFor('login', { ...never, after: seq });
  store.write('out', bytes('me\nlogin: again\n'));
  expect(await next).toEqual({ text: 'login: again', seq: 3, cursor: 3 });
});

test('numbers go on through incarnations: `after` of the one before holds nothing back', async () => {
  const { store } = await testStore();
  store.write('out', bytes('ready\n'));
  const { seq } = await store.waitFor('ready', never);
  store.begin(2);
  const found = store.waitFor('ready', { ...never, after: seq });
  store.write('out', bytes('ready\n'));
  expect(await found).toEqual({ text: 'ready', seq: 2, cursor: 2 });
});

test('what comes after `cursor` has come later than the line that was found', async () => {
  const { store } = await testStore();
  const found = store.waitFor('ready', never);
  store.write('out', bytes('ready 1\nready 2\n'));
  const { text, cursor } = await found;
  expect([text, cursor]).toEqual(['ready 1', 2]);
  const next = store.waitFor('ready', { ...never, after: cursor });
  store.write('out', bytes('ready 3\n'));
  expect(await next).toEqual({ text: 'ready 3', seq: 3, cursor: 3 });
});
