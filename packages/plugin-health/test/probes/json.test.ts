import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { mismatchIn } from '../../src/probes/json.ts';

const like = async (value: unknown, keys: Record<string, never>) => {
  const mismatch = await mismatchIn(value, { like: keys });
  return mismatch && `${mismatch.found}, ${mismatch.expected}`;
};

describe('an object to be like', () => {
  it.each([
    [{ a: 1, b: 2 }, { a: 1 }, undefined],
    [{ a: { b: { c: null } } }, { a: { b: { c: null } } }, undefined],
    [{ a: [{ x: 1, y: 2 }, 3] }, { a: [{ x: 1 }, 3] }, undefined],
    [{}, { a: 1 }, 'a missing, expected 1'],
    [{ a: '1' }, { a: 1 }, 'a "1", expected 1'],
    [{ a: { b: 'x' } }, { a: { b: 'y' } }, 'a.b "x", expected "y"'],
    [{ a: [1] }, { a: [1, 2] }, 'a [1], expected [1,2]'],
    [{ a: [{ b: false }] }, { a: [{ b: true }] }, 'a[0].b false, expected true'],
    [{ a: null }, { a: { b: 1 } }, 'a null, expected {"b":1}'],
    [{ a: [] }, { a: {} }, 'a [], expected {}'],
    [['x'], { a: 1 }, '["x"], expected {"a":1}'],
    [{}, { constructor: {} }, 'constructor missing, expected {}'],
  ])('%j and %j: %s', async (value, keys, expected) => {
    expect(await like(value, keys as never)).toBe(expected);
  });

  it('is shown in part when it is long', async () => {
    expect(await like({ a: 'x'.repeat(500) }, { a: 1 } as never)).toMatch(/^a "x{78}…, expected 1$/);
  });
});

describe('a schema', () => {
  const schema = z.object({ workers: z.array(z.object({ queue: z.number().max(10) })) });

  it('says what it wants where', async () => {
    expect(await mismatchIn({ workers: [{ queue: 3 }] }, { schema })).toBeUndefined();
    const mismatch = await mismatchIn({ workers: [{ queue: 3 }, { queue: 11 }] }, { schema });
    expect(mismatch).toEqual({ found: 'workers[1].queue 11', expected: 'Too big: expected number to be <=10' });
  });

  it('may be of another library, answer late and name keys by objects', async () => {
    const validate = async () => ({ issues: [{ message: 'must be up', path: [{ key: 'db' }] }] });
    const mismatch = await mismatchIn({ db: 'down' }, { schema: { '~standard': { version: 1, validate } } });
    expect(mismatch).toEqual({ found: 'db "down"', expected: 'must be up' });
  });
});
