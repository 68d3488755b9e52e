import { expect, test } from 'vitest';
import * as z from 'zod';
import { inputFromText } from '../../src/commands/text-input.ts';

const schema = z.toJSONSchema(
  z.strictObject({
    name: z.string(),
    kind: z.enum(['one', '2']),
    count: z.int(),
    ratio: z.number(),
    on: z.boolean(),
    tags: z.array(z.string()),
    sizes: z.array(z.number()),
    where: z.strictObject({ line: z.number() }),
    either: z.union([z.string(), z.number()]),
    maybe: z.nullable(z.string()),
    open: z.unknown(),
  }),
  { io: 'input' },
);

test.each([
  ['name=7', { name: '7' }],
  ['name=', { name: '' }],
  ['name="7"', { name: '"7"' }],
  ['kind=2', { kind: '2' }],
  ['count=7', { count: 7 }],
  ['count=seven', { count: 'seven' }],
  ['count=', { count: '' }],
  ['ratio=-1.5', { ratio: -1.5 }],
  ['on=true', { on: true }],
  ['on=yes', { on: 'yes' }],
  ['tags=7', { tags: ['7'] }],
  ['tags=a tags=b', { tags: ['a', 'b'] }],
  ['tags=["a","b"] tags=c', { tags: ['a', 'b', 'c'] }],
  ['sizes=1 sizes=2', { sizes: [1, 2] }],
  ['where={"line":3}', { where: { line: 3 } }],
  ['where={line', { where: '{line' }],
  ['either=7', { either: 7 }],
  ['either=a', { either: 'a' }],
  ['maybe=null', { maybe: null }],
  ['open={"a":1}', { open: { a: 1 } }],
  ['open=a', { open: 'a' }],
  ['name=a name=b', { name: ['a', 'b'] }],
  ['stray=7', { stray: 7 }],
  ['toString=a', { toString: 'a' }],
])('%s', (line, input) => {
  const given = line.split(' ').map((pair) => {
    const [field = '', ...rest] = pair.split('=');
    return [field, rest.join('=')] as const;
  });
  expect(inputFromText(schema, given)).toEqual(input);
});
