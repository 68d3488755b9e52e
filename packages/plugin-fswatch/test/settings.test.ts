import { describe, expect, it } from 'vitest';
import { fields } from '../src/settings.ts';

const defaults = {
  paths: ['.'],
  include: ['**/*'],
  ignore: [],
  debounceMs: 50,
  maxWaitMs: 2000,
  action: 'restart',
};

describe('fields', () => {
  it.each([
    [true, defaults],
    [{}, defaults],
    ['web', { ...defaults, paths: ['web'] }],
    [['web', 'lib'], { ...defaults, paths: ['web', 'lib'] }],
    [
      { include: ['*.py'], ignore: ['build'], debounce: '1s', maxWait: '1m', action: 'notify' },
      { ...defaults, include: ['*.py'], ignore: ['build'], debounceMs: 1000, maxWaitMs: 60_000, action: 'notify' },
    ],
  ])('%j', (input, plan) => {
    expect(fields.parse(input)).toEqual(plan);
  });

  it.each([
    [{ paths: [] }, 'paths'],
    [{ debounce: 'soon' }, 'debounce'],
    [{ action: 'reload' }, 'action'],
    [{ glob: '*.py' }, ''],
    [false, ''],
  ])('%j is a mistake at "%s"', (input, path) => {
    expect(fields.safeParse(input).error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
  });
});
