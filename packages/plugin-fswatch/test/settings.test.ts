import { describe, expect, it } from 'vitest';
import { mistakesInFields } from '../../../test-support/mistakes.ts';
import { fswatch } from '../src/index.ts';
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
    [{ paths: [] }, /^processes\.web\.fswatch\.paths is \[\], expected at least one path\.$/],
    [[], /^processes\.web\.fswatch is \[\], expected at least one path or an object\.$/],
    [{ debounce: 'soon' }, /^processes\.web\.fswatch\.debounce is "soon", expected a duration, /],
    [{ debounce: '5 sec' }, / Did you mean "5s"\?$/],
    [{ action: 'reload' }, /^processes\.web\.fswatch\.action is "reload", expected "restart" or "notify"\./],
    [{ ignores: [] }, /^processes\.web\.fswatch has an unknown key "ignores"\. Did you mean "ignore"\?$/],
    [false, /^processes\.web\.fswatch is false, expected true or a text or a list or an object\.$/],
  ])('%j is a mistake', async (input, mistake) => {
    expect(await mistakesInFields(fswatch(), input)).toEqual([expect.stringMatching(mistake)]);
  });
});
