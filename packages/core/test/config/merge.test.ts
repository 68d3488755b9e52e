import { describe, expect, test } from 'vitest';
import { ListPatch } from '../../src/config/merge.ts';
import { LayeredSource } from '../../src/config/source.ts';
import type { ConfigLayer, ConfigPath } from '../../src/contract/config-source.ts';

const layer = (name: string, value: unknown): ConfigLayer => ({
  name,
  folder: `/project/${name}`,
  value,
  locate: () => undefined,
});

/** Layers named `0`, `1`, …, weakest first. */
const merged = (...values: readonly unknown[]): LayeredSource =>
  new LayeredSource(values.map((value, index) => layer(String(index), value)));

const process = (web: unknown) => ({ processes: { web } });

describe('merging', () => {
  test.each<[string, readonly unknown[], unknown]>([
    [
      'objects merge key by key, deeply',
      [{ a: { b: { c: 1 } } }, { a: { b: { d: 2 } } }],
      { a: { b: { c: 1, d: 2 } } },
    ],
    ['a single value replaces', [{ a: 1 }, { a: 2 }, { a: 3 }], { a: 3 }],
    ['a list replaces', [{ command: ['a', 'b'] }, { command: ['c'] }], { command: ['c'] }],
    ['a value replaces an object', [{ port: { strict: true } }, { port: 5 }], { port: 5 }],
    ['an object replaces a value', [{ port: 5 }, { port: { strict: true } }], { port: { strict: true } }],
    ['undefined says nothing', [{ port: 5 }, { port: undefined }], { port: 5 }],
    ['null takes out', [process({ port: 5, cwd: 'x' }), process({ port: null })], process({ cwd: 'x' })],
    ['null takes out a process', [process({}), process(null)], { processes: {} }],
    ['what was taken out can come again', [process(5), process(null), process({ a: 1 })], process({ a: 1 })],
    ['null over nothing stays, as a mistake', [{ processes: {} }, process(null)], process(null)],
    ['null is a value in env', [{ env: { A: '1' } }, { env: { A: null } }], { env: { A: null } }],
    [
      'null is a value in the env of a process',
      [process({ env: { A: 1 } }), process({ env: { A: null } })],
      process({ env: { A: null } }),
    ],
    [
      'null is a value in shared',
      [{ shared: { a: { b: 1 } } }, { shared: { a: { b: null } } }],
      { shared: { a: { b: null } } },
    ],
    ['null takes out env as a whole', [{ env: { A: '1' }, a: 1 }, { env: null }], { a: 1 }],
    [
      'a key called __proto__ is a key',
      [JSON.parse('{"__proto__":{"a":1}}'), { b: 1 }],
      JSON.parse('{"__proto__":{"a":1},"b":1}'),
    ],
    ['a config that is no object is replaced', [5, { a: 1 }], { a: 1 }],
  ])('%s', (_, values, expected) => {
    expect(merged(...values).config).toEqual(expected);
  });

  test.each([
    [['a'], ['b', 'c'], ['a', 'b', 'c']],
    ['a', 'b', ['a', 'b']],
    ['a', ['b'], ['a', 'b']],
  ])('env files come one after the other: %j, then %j', (base, top, expected) => {
    expect(merged({ envFile: base }, { envFile: top }).config).toEqual({ envFile: expected });
    expect(merged(process({ envFile: base }), process({ envFile: top })).config).toEqual(
      process({ envFile: expected }),
    );
  });

  test('envFile of other objects is a list like any other', () => {
    expect(merged({ shared: { envFile: ['a'] } }, { shared: { envFile: ['b'] } }).config).toEqual({
      shared: { envFile: ['b'] },
    });
  });

  test('a plugin takes the place of an earlier one of its name; new ones come after', () => {
    const restart = { name: 'restart', setup() {} };
    const { config } = merged(
      { plugins: ['@promptbin/plugin-health', '@promptbin/plugin-restart', 'other'] },
      { plugins: [['other', { a: 1 }], 'more', restart] },
    );
    expect(config).toEqual({ plugins: ['@promptbin/plugin-health', restart, ['other', { a: 1 }], 'more'] });
  });

  test('plugins of the same relative path are the same only when they lie in the same folder', () => {
    const { config } = merged({ plugins: ['./tag.js'] }, { plugins: ['./tag.js', '../0/tag.js'] });
    expect(config).toEqual({ plugins: ['../0/tag.js', './tag.js'] });
  });

  test('what is no name of a plugin replaces nothing', () => {
    expect(merged({ plugins: [5, null] }, { plugins: [5] }).config).toEqual({ plugins: [5, null, 5] });
    expect(merged({ plugins: ['a'] }, { plugins: 5 }).config).toEqual({ plugins: 5 });
  });

  test('one item of a list', () => {
    const patch = process({ command: new ListPatch(1, 'x') });
    expect(merged(process({ command: ['a', 'b', 'c'] }), patch, patch).config).toEqual(
      process({ command: ['a', 'x', 'c'] }),
    );
  });

  test('a single layer is left as it is, even when it contains itself', () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    expect(merged(circle).config).toBe(circle);
  });

  test('no layer is changed', () => {
    const base = { processes: { web: { command: ['a'], env: {} } }, plugins: ['a'] };
    const copy = structuredClone(base);
    merged(base, { processes: { web: { command: ['b'], env: { A: 1 } } }, plugins: ['b'] });
    expect(base).toEqual(copy);
  });
});

describe('where a value comes from', () => {
  const written = (source: LayeredSource, path: ConfigPath) =>
    source.written(path).map(({ layer: { name }, path: inside, value }) => [name, inside.join('.'), value]);
  const origin = (source: LayeredSource, path: ConfigPath) => {
    const found = source.originOf(path);
    return found && [found.layer.name, found.path.join('.')];
  };

  test('what every layer says on it, weakest first', () => {
    const source = merged(process({ port: 1, stop: { grace: 1 } }), process({ port: 2 }), process({ cwd: 'x' }));
    expect(written(source, ['processes', 'web', 'port'])).toEqual([
      ['0', 'processes.web.port', 1],
      ['1', 'processes.web.port', 2],
    ]);
    expect(written(source, ['processes', 'web', 'stop', 'grace'])).toEqual([['0', 'processes.web.stop.grace', 1]]);
    expect(written(source, ['processes', 'web', 'kind'])).toEqual([]);
    expect(written(source, ['processes', 'web', 'port', 'strict'])).toEqual([]);
    expect(written(source, ['nothing', 'at', 'all'])).toEqual([]);
  });

  test('a layer that replaces an object leaves nothing of it', () => {
    const source = merged(process({ stop: { grace: 1 } }), process(null), process({ stop: { signal: 'x' } }));
    expect(written(source, ['processes', 'web', 'stop', 'grace'])).toEqual([]);
    expect(written(source, ['processes', 'web', 'stop', 'signal'])).toEqual([['2', 'processes.web.stop.signal', 'x']]);
  });

  test('one that takes a value out has the last word', () => {
    const source = merged(process({ port: 1 }), process({ port: null }));
    expect(written(source, ['processes', 'web', 'port'])).toEqual([
      ['0', 'processes.web.port', 1],
      ['1', 'processes.web.port', null],
    ]);
    expect(origin(source, ['processes', 'web', 'port'])).toEqual(['1', 'processes.web.port']);
  });

  test('items of lists that are joined keep their own number', () => {
    const source = merged(
      { envFile: 'a', plugins: ['x', 'y'] },
      { envFile: ['b', 'c'], plugins: ['z', ['x', { a: 1 }]] },
    );
    expect(origin(source, ['envFile', 0])).toEqual(['0', 'envFile']);
    expect(origin(source, ['envFile', 2])).toEqual(['1', 'envFile.1']);
    expect(origin(source, ['plugins', 0, 1, 'a'])).toEqual(['1', 'plugins.1.1.a']);
    expect(written(source, ['plugins', 0])).toEqual([
      ['0', 'plugins.0', 'x'],
      ['1', 'plugins.1', ['x', { a: 1 }]],
    ]);
    expect(origin(source, ['plugins', 2])).toEqual(['1', 'plugins.0']);
  });

  test('an item that was set alone does not take the others with it', () => {
    const source = merged(process({ command: ['a', 'b'] }), process({ command: new ListPatch(1, 'x') }));
    expect(origin(source, ['processes', 'web', 'command', 0])).toEqual(['0', 'processes.web.command.0']);
    expect(origin(source, ['processes', 'web', 'command', 1])).toEqual(['1', 'processes.web.command.1']);
    expect(written(source, ['processes', 'web', 'command'])).toEqual([
      ['0', 'processes.web.command', ['a', 'b']],
      ['1', 'processes.web.command', ['a', 'x']],
    ]);
  });

  test('what nobody wrote comes from the strongest layer that wrote what is around it', () => {
    const source = merged(process({ command: 'x' }), process({ port: 1 }), {});
    expect(origin(source, ['processes', 'web', 'cwd'])).toEqual(['1', 'processes.web.cwd']);
    expect(origin(source, ['shared'])).toEqual(['2', 'shared']);
    expect(new LayeredSource([]).originOf([])).toBeUndefined();
  });
});
