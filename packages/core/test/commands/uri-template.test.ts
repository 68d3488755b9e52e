import { expect, test } from 'vitest';
import { expandUri, matchUri, uriVariables } from '../../src/commands/uri-template.ts';

test.each([
  ['notes://all', {}, 'notes://all'],
  ['notes://note/{id}', { id: '7' }, 'notes://note/7'],
  ['notes://{shelf}/note/{id}', { shelf: 'my shelf', id: 'a/b?c' }, 'notes://my%20shelf/note/a%2Fb%3Fc'],
])('%s with %j is %s, and back', (template, values, uri) => {
  expect(expandUri(template, values)).toBe(uri);
  expect(uriVariables(template)).toEqual(Object.keys(values));
  expect(matchUri(template, uri)).toEqual(Object.entries(values));
});

test.each([
  ['notes://all', 'notes://all/more'],
  ['notes://a.l', 'notes://all'],
  ['notes://note/{id}', 'notes://note/'],
  ['notes://note/{id}', 'notes://note/a/b'],
  ['notes://note/{id}', 'x-notes://note/a'],
])('%s does not stand for %s', (template, uri) => {
  expect(matchUri(template, uri)).toBeUndefined();
});

test('what is not well encoded stays as it is', () => {
  expect(matchUri('notes://note/{id}', 'notes://note/%zz')).toEqual([['id', '%zz']]);
});
