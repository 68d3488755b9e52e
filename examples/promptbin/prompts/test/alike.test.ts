import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { examplePython } from '../../../../test-support/python.ts';
import { draftFields, newId, search } from '../prompt.ts';
import { decode, encode } from '../prompt-file.ts';

const time = '2026-01-02T03:04:05.000006+00:00';
const good = { title: 'Review', body: 'Look at {{diff}}' };

const drafts: readonly unknown[] = [
  good,
  { ...good, category: 'Work', tags: ['code', 'git'] },
  ...[
    '',
    ' ',
    '  a \n b\t\r\n c ',
    'Straße \u2028 Größe',
    'ﬁne Ⅷ ½ Å İı',
    '日本語',
    '🙂🙂',
    '-- x --',
    '../../etc/passwd',
    'K\u212a',
    'a\u0000b',
    'a\u0007b',
    'a\u007fb',
    'a\u0085b',
    'a\u001cb',
    'a\ufeffb',
    '\ufeff',
    'a\u200bb',
    '\ud800',
    'x'.repeat(200),
    'x'.repeat(201),
    '🙂'.repeat(200),
    '🙂'.repeat(201),
    ` ${'x'.repeat(200)} `,
    'e\u0301'.repeat(50),
    '"quoted" \\ / </script>',
    null,
    3,
  ].map((title) => ({ ...good, title })),
  ...[
    '',
    '\n \t\u001f\u3000',
    '\ufeff',
    'a\r\nb\rc\n\r\nd',
    '\u0000\u0001\u001b[31m\b\f\u007f\u0085\u2028\u2029\ufeff\uffff',
    'x'.repeat(100_000),
    'x'.repeat(100_001),
    '🙂'.repeat(100_000),
    'a\r\n'.repeat(33_333),
    'a\r\n'.repeat(33_334),
    'half \udc00',
    [],
  ].map((body) => ({ ...good, body })),
  ...['', ' a  b ', 'x'.repeat(60), 'x'.repeat(61), 'a\u0000', null, []].map((category) => ({ ...good, category })),
  ...[
    [],
    ['', ' ', 'a'],
    ['STRASSE', 'straße', 'Straße'],
    ['ΣΊΣΥΦΟΣ', 'σίσυφος', 'Σίσυφοσ'],
    ['i', 'I', 'İ', 'ı', 'i̇'],
    ['Ꭰ', 'ꭰ', 'ᏸ', 'Ᏸ', 'ſ', 's', 'K', 'K'],
    ['a,b'],
    ['x'.repeat(40)],
    ['x'.repeat(41)],
    Array.from({ length: 20 }, (_, index) => `tag ${index}`),
    Array.from({ length: 21 }, (_, index) => `tag ${index}`),
    [...Array.from({ length: 20 }, (_, index) => `tag ${index}`), 'TAG 1', ''],
    [1],
    'a',
    null,
  ].map((tags) => ({ ...good, tags })),
  { body: 'b' },
  { title: 'a' },
  {},
];

const whole = encode({ ...good, category: '', tags: [] }, time, time);
const withTime = (updated: string): string => whole.replace(`"updated": "${time}"`, `"updated": ${updated}`);
const files: readonly { id: string; content: Uint8Array }[] = [
  ...['a', 'a-b', '0', 'a'.repeat(64), 'a'.repeat(65), '-a', 'a-', 'A', 'a.b', 'a/b', '', 'a\n', 'é', '٣'].map(
    (id) => ({
      id,
      content: Buffer.from(whole),
    }),
  ),
  ...[
    whole.replaceAll('\n', '\r\n'),
    `\ufeff${whole}`,
    whole.replace('"tags": []', '"tags": ["a"], "more": [1, {}]'),
    whole.replace('"tags": []', '"more": NaN'),
    whole.replace('"tags": []', '"more": Infinity'),
    whole.replace('"tags": []', '"tags": [], "title": "Twice"'),
    whole.replace('"tags": []', '"__proto__": {"title": 1}'),
    whole.replace('Review', 'a\\u0000b'),
    whole.replace('Review', '\\ud800'),
    whole.replace('Review', '\\ud83d\\ude42'),
    whole.replace('Review', 'a\tb'),
    ...['"2026-01-02T03:04:05Z"', '"2026-01-02T03:04Z"', '"2026-01-02T03:04:05.123456789+05:30"'].map(withTime),
    ...['"2026-01-02T03:04:05"', '"2026-01-02 03:04:05Z"', '"20260102T030405Z"', '"2026-02-30T03:04:05Z"'].map(
      withTime,
    ),
    ...['"2026-01-02T24:00:00Z"', '"2026-01-02T03:04:60Z"', '"2026-01-02T03:04:05+0530"', '""', '3', 'null'].map(
      withTime,
    ),
    ...['', '{', '[]', 'null', '{}', '3', '"a"', `${whole}x`],
  ].map((text) => ({ id: 'a', content: Buffer.from(text) })),
  ...[Buffer.from(whole, 'utf16le'), Buffer.from(whole.replace('Review', 'R\u00e9sum\u00e9'), 'latin1')].map(
    (content) => ({
      id: 'a',
      content,
    }),
  ),
];

const shelf = [
  { title: 'Straße', body: 'text', tags: ['Maps'] },
  { title: 'Code', body: 'review the CODE', category: 'Work', tags: ['maps', 'x'] },
  { title: 'Σίσυφος', body: 'ﬁne', category: 'Größe', tags: [] },
];
const searches = [
  ...[
    '',
    'STRASSE',
    'code  work',
    'code\u001cwork',
    'code nothing',
    'ΣΊΣΥΦΟΣ',
    'FINE',
    'grösse',
    'maps x',
    '\u0130',
  ].map((query) => ({ query })),
  ...['MAPS', 'map', ' maps'].map((tag) => ({ tag })),
  ...['work', 'GRÖSSE', 'wor'].map((category) => ({ category })),
  { query: 'text', tag: 'maps', category: '' },
].map((one) => ({ query: '', tag: '', category: '', ...one, prompts: shelf }));

interface Answers {
  readonly drafts: readonly unknown[];
  readonly files: readonly unknown[];
  readonly searches: readonly unknown[];
}

let python: Answers;

beforeAll(async () => {
  const table = {
    drafts,
    files: files.map(({ id, content }) => ({ id, content: Buffer.from(content).toString('base64') })),
    searches,
  };
  const { status, stdout, stderr } = spawnSync(await examplePython(), [join(import.meta.dirname, 'alike.py')], {
    input: JSON.stringify(table),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  expect(status, stderr).toBe(0);
  python = JSON.parse(stdout) as Answers;
}, 180_000);

const draftSchema = z.object({
  ...draftFields,
  // What is not there is as if it were empty, for Python as well.
  title: draftFields.title.prefault(''),
  body: draftFields.body.prefault(''),
  category: draftFields.category.default(''),
  tags: draftFields.tags.default([]),
});

describe('this plugin and the Flask app', () => {
  test.each(drafts.map((fields, index) => [index, fields] as const))(
    'write the same bytes, or refuse the same fields: %i',
    (index, fields) => {
      const parsed = draftSchema.safeParse(fields);
      if (!parsed.success) {
        const problems = [...new Set(parsed.error.issues.map(({ path }) => String(path[0])))].sort();
        expect({ problems }).toEqual(python.drafts[index]);
        return;
      }
      const content = encode(parsed.data, time, time);
      const { version } = decode('a', Buffer.from(content));
      expect({ content, slug: newId(parsed.data.title).slice(0, -9), version }).toEqual(python.drafts[index]);
    },
  );

  test.each(files.map(({ id, content }, index) => [index, id, content] as const))(
    'read the same files: %i',
    (index, id, content) => {
      const read = (): unknown => {
        try {
          return decode(id, content);
        } catch {
          return null;
        }
      };
      expect(read()).toEqual(python.files[index]);
    },
  );

  test.each(searches.map((one, index) => [index, one] as const))(
    'find the same: %i',
    (index, { prompts, ...filter }) => {
      const found = search(
        prompts.map((fields) => draftSchema.parse(fields)),
        filter,
      );
      expect(found.map(({ title }) => title)).toEqual(python.searches[index]);
    },
  );

  test('are asked about both sides of each limit', () => {
    expect(python.files.filter((answer) => answer === null).length).toBeGreaterThan(20);
    expect(python.files.filter((answer) => answer !== null).length).toBeGreaterThan(10);
    expect(python.drafts.filter((answer) => 'problems' in Object(answer)).length).toBeGreaterThan(20);
  });
});
