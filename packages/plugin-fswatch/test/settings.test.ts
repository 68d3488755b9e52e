import { describe, expect, it } from 'vitest';
import { mistakesInFields } from '../../../test-support/mistakes.ts';
import { fswatch } from '../src/index.ts';
import { fields } from '../src/settings.ts';

const defaults = {
  paths: ['.'],
  include: ['**/*'],
  ignore: [],
  gitignore: true,
  debounceMs: 50,
  maxWaitMs: 2000,
  action: { kind: 'restart' },
};
const plan = (...watches: object[]) => ({ watches: watches.map((watch) => ({ ...defaults, ...watch })), gate: [] });

describe('fields', () => {
  it.each([
    [true, plan({})],
    [{}, plan({})],
    ['web', plan({ paths: ['web'] })],
    [['web', 'lib'], plan({ paths: ['web', 'lib'] })],
    [
      { include: ['*.py'], ignore: ['build'], debounce: '1s', maxWait: '1m', poll: '1s', gitignore: false },
      plan({
        include: ['*.py'],
        ignore: ['build'],
        debounceMs: 1000,
        maxWaitMs: 60_000,
        pollMs: 1000,
        gitignore: false,
      }),
    ],
    [{ action: 'notify' }, plan({ action: { kind: 'notify' } })],
    [{ action: 'signal' }, plan({ action: { kind: 'signal', signal: 'SIGHUP' } })],
    [{ action: { signal: 'SIGUSR2' } }, plan({ action: { kind: 'signal', signal: 'SIGUSR2' } })],
    [{ action: { post: '/changed' } }, plan({ action: { kind: 'post', path: '/changed' } })],
    [{ action: { run: 'make css' } }, plan({ action: { kind: 'run', command: 'make', args: ['css'], shell: false } })],
    [
      [{ paths: ['web'] }, { paths: ['data'], action: 'notify' }],
      plan({ paths: ['web'] }, { paths: ['data'], action: { kind: 'notify' } }),
    ],
    [
      { paths: [], gate: ['a.lock'] },
      { watches: [], gate: ['a.lock'] },
    ],
    [
      [{ gate: ['a.lock', 'b.lock'] }, { paths: ['x'], gate: ['a.lock'] }],
      { ...plan({}, { paths: ['x'] }), gate: ['a.lock', 'b.lock'] },
    ],
  ])('%j', (input, expected) => {
    expect(fields.parse(input)).toEqual(expected);
  });

  it.each([
    [{ paths: [] }, /^processes\.web\.fswatch\.paths is \[\], expected at least one path\.$/],
    [[], /^processes\.web\.fswatch is \[\], expected at least one path\.$/],
    [{ debounce: 'soon' }, /^processes\.web\.fswatch\.debounce is "soon", expected a duration, /],
    [{ debounce: '5 sec' }, / Did you mean "5s"\?$/],
    [
      { action: 'reload' },
      /^processes\.web\.fswatch\.action is "reload", expected "restart", "notify", "signal", or an object with "signal", "run" or "post"\.$/,
    ],
    [
      { action: { run: 'make && make install' } },
      /^processes\.web\.fswatch\.action\.run: has "&&", which means something to a shell only, /,
    ],
    [
      { action: { post: 'changed' } },
      /^processes\.web\.fswatch\.action\.post is "changed", expected a path that starts with /,
    ],
    [{ action: { signal: 'HUP' } }, / Did you mean "SIGHUP"\?$/],
    [{ poll: 5 }, /^processes\.web\.fswatch\.poll is 5, expected at least 20 ms\.$/],
    [
      [{ paths: ['a'] }, { pathes: ['b'] }],
      /^processes\.web\.fswatch\[1\] has an unknown key "pathes"\. Did you mean "paths"\?$/,
    ],
    [{ ignores: [] }, /^processes\.web\.fswatch has an unknown key "ignores"\. Did you mean "ignore"\?$/],
    [false, /^processes\.web\.fswatch is false, expected true or a text or a list or an object\.$/],
  ])('%j is a mistake', async (input, mistake) => {
    expect(await mistakesInFields(fswatch(), input)).toEqual([expect.stringMatching(mistake)]);
  });
});
