import { describe, expect, test } from 'vitest';
import { effectiveConfig, showable } from '../../src/config/print.ts';
import { isSecretName } from '../../src/secrets/names.ts';
import { plugin } from '../support/plugins.ts';
import { resolveConfig } from './project.ts';

const isSecret = (name: string): boolean => isSecretName(name, []);

describe('effectiveConfig', () => {
  test('has the words of the file, durations in ms and sizes in bytes', async () => {
    const web = {
      command: 'node "my server.js"',
      port: 5000,
      dependsOn: ['db'],
      ready: { timeout: '2s', log: 'up' },
      stop: { grace: '1m' },
      logs: { maxSize: '1kb' },
    } as const;
    const db = { command: 'echo $HOME', shell: true, kind: 'job' } as const;
    const { resolved } = await resolveConfig({ processes: { web, db } }, { root: '/project' });
    expect(
      effectiveConfig(resolved, [
        ['a', { x: 1 }],
        ['b', undefined],
      ]),
    ).toEqual({
      plugins: [['a', { x: 1 }], 'b'],
      processes: {
        web: {
          command: ['node', 'my server.js'],
          shell: false,
          cwd: '/project',
          kind: 'service',
          env: {},
          port: { preferred: 5000, strict: false, host: '127.0.0.1', env: [], handoff: false, overlap: false },
          dependsOn: { db: 'ready' },
          autostart: true,
          essential: false,
          protected: false,
          stdin: 'ignore',
          tty: false,
          onDependencyRestart: 'keep',
          onManagerDeath: 'stop',
          ready: { timeout: 2000, log: 'up', port: true },
          stop: { signal: 'SIGTERM', grace: 60_000 },
          logs: { mode: 'pipe', format: 'raw', maxSize: 1024, maxFiles: 5, compress: false, ring: 262_144 },
        },
        db: expect.objectContaining({ command: 'echo $HOME', shell: true, kind: 'job' }),
      },
    });
  });

  test('is a config that says the same when it is read again', async () => {
    const web = { command: ['node', 'a b'], port: 'auto', env: { A: '1', B: null }, stop: { grace: '3s' } } as const;
    const first = await resolveConfig({ processes: { web } }, { root: '/project' });
    const again = JSON.parse(JSON.stringify(effectiveConfig(first.resolved, [])));
    expect((await resolveConfig(again, { root: '/elsewhere' })).resolved.processes).toEqual(first.resolved.processes);
  });
});

describe('showable', () => {
  test.each([
    [['processes', 'web', 'env'], { API_TOKEN: 'abc', NAME: 'x', PASSWORD: 7, KEY: null }],
    [['shared'], { API_TOKEN: 'abc', NAME: 'x', PASSWORD: 7, KEY: null }],
    [['processes', 'web', 'health'], { API_TOKEN: 'abc', NAME: 'x', PASSWORD: 7, KEY: null }],
    [['plugins', 0, 1], { API_TOKEN: 'abc', NAME: 'x', PASSWORD: 7, KEY: null }],
  ])('hides by its name what stands under %j', (path, value) => {
    expect(showable(value, path, isSecret)).toEqual({
      API_TOKEN: '[secret]',
      NAME: 'x',
      PASSWORD: '[secret]',
      KEY: null,
    });
  });

  test('hides whatever is below a secret name, in every way that names are written', () => {
    const value = { apiKey: ['a', { b: 'c' }], 'client-secret': 'd', keyboard: 'e', debugPassword: true };
    expect(showable(value, ['shared'], isSecret)).toEqual({
      apiKey: ['[secret]', { b: '[secret]' }],
      'client-secret': '[secret]',
      keyboard: 'e',
      debugPassword: true,
    });
  });

  test('a process of such a name hides nothing', () => {
    const value = { token: { command: 'node', dependsOn: { secret: 'ready' } } };
    expect(showable(value, ['processes'], isSecret)).toEqual(value);
  });

  test('hides in texts what it is told to', () => {
    const redact = (text: string): string => text.replaceAll('abc', '***');
    expect(showable(['--token', 'xabcx', /abc/i], ['processes', 'web', 'command'], isSecret, redact)).toEqual([
      '--token',
      'x***x',
      '/***/i',
    ]);
  });

  test('writes as text what JSON cannot hold', () => {
    const circle: Record<string, unknown> = {
      big: 1n,
      endless: Number.POSITIVE_INFINITY,
      at: new Date(0),
      none: undefined,
    };
    circle.self = circle;
    circle.again = [circle];
    circle.fn = function work() {};
    expect(showable(circle, ['shared'], isSecret)).toEqual({
      big: '1',
      endless: 'Infinity',
      at: '1970-01-01T00:00:00.000Z',
      self: '[circle]',
      again: ['[circle]'],
      fn: '[function work]',
    });
  });

  test('a plugin that stands in the list is its name and its options', () => {
    const some = { ...plugin('some', () => {}), input: { token: 'abc' } };
    expect(showable([some], ['plugins'], isSecret)).toEqual([['some', { token: '[secret]' }]]);
  });
});
