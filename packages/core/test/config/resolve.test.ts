import { expect, test } from 'vitest';
import * as z from 'zod';
import { resolveConfig } from '../../src/config/resolve.ts';
import type { Config, ProcessBase, ResolvedProcess } from '../../src/contract/config.ts';
import { definePlugin } from '../../src/plugins/define.ts';
import { mistakesOf, textsOf } from './mistakes.ts';

async function resolved(process: ProcessBase, config: Partial<Config> = {}): Promise<ResolvedProcess> {
  const { resolved } = await resolveConfig({ ...config, processes: { web: process } }, { root: '/project' });
  return resolved.processes.web as ResolvedProcess;
}

test('fills in every default', async () => {
  const { resolved, plugins } = await resolveConfig(
    { processes: { web: { command: 'node server.js' } } },
    { root: '/project', file: '/project/promptbin.config.ts' },
  );
  expect(plugins).toEqual([]);
  expect(resolved).toEqual({
    root: '/project',
    file: '/project/promptbin.config.ts',
    secrets: [],
    processes: {
      web: {
        name: 'web',
        kind: 'service',
        command: 'node',
        args: ['server.js'],
        shell: false,
        cwd: '/project',
        env: {},
        dependsOn: {},
        autostart: true,
        essential: false,
        protected: false,
        stdin: 'ignore',
        tty: false,
        onDependencyRestart: 'keep',
        onManagerDeath: 'stop',
        ready: { timeoutMs: 60_000, port: false },
        stop: { signal: 'SIGTERM', graceMs: 5_000 },
        logs: {
          mode: 'pipe',
          format: 'raw',
          compress: false,
          maxSizeBytes: 10_485_760,
          maxFiles: 5,
          ringBytes: 262_144,
        },
        attributes: {},
        fields: {},
      },
    },
  });
});

test('writes out every shorthand', async () => {
  const process = await resolved(
    {
      command: ['gunicorn', 'app:app', '--bind', '{host}:{port}'],
      cwd: 'web',
      port: { preferred: 5000, strict: true, host: '0.0.0.0', env: 'FLASK_PORT' },
      autostart: false,
      ready: { timeout: '2m', log: 'Listening', port: false },
      stop: { signal: 'SIGINT', grace: '1.5s' },
      logs: { maxSize: '1mb', maxFiles: 0, ring: '64kb' },
    },
    {},
  );
  expect(process).toMatchObject({
    command: 'gunicorn',
    args: ['app:app', '--bind', '{host}:{port}'],
    cwd: '/project/web',
    port: { preferred: 5000, strict: true, host: '0.0.0.0', env: ['FLASK_PORT'] },
    autostart: false,
    ready: { timeoutMs: 120_000, log: 'Listening', port: false },
    stop: { signal: 'SIGINT', graceMs: 1_500 },
    logs: { maxSizeBytes: 1_048_576, maxFiles: 0, ringBytes: 65_536 },
  });
});

test.each([
  [5000, 5000],
  [0, 'auto'],
  ['auto', 'auto'],
  [{}, 'auto'],
  [{ preferred: 0 }, 'auto'],
  [{ preferred: 65_535 }, 65_535],
] as const)('port %j prefers %j', async (port, preferred) => {
  expect((await resolved({ command: 'x', port })).port).toEqual({
    preferred,
    strict: false,
    host: '127.0.0.1',
    env: [],
    handoff: false,
    overlap: false,
  });
});

test('a service with a port is ready when it listens; a job is ready when it has completed', async () => {
  expect((await resolved({ command: 'x', port: 1 })).ready.port).toBe(true);
  expect((await resolved({ command: 'x', port: 1, kind: 'job' })).ready.port).toBe(false);
  expect((await resolved({ command: 'x', port: 1, kind: 'job', ready: { port: true } })).ready.port).toBe(true);
});

test('a list of dependencies means ready', async () => {
  const { resolved } = await resolveConfig(
    {
      processes: {
        a: { command: 'x', kind: 'job' },
        b: { command: 'x', dependsOn: ['a'] },
        c: { command: 'x', dependsOn: { a: 'completed', b: 'started' } },
      },
    },
    { root: '/project' },
  );
  expect(resolved.processes.b?.dependsOn).toEqual({ a: 'ready' });
  expect(resolved.processes.c?.dependsOn).toEqual({ a: 'completed', b: 'started' });
});

test('a RegExp of ready.log can be tested again and again', async () => {
  const { log } = (await resolved({ command: 'x', ready: { log: /ready on \d+/giy } })).ready;
  expect(log).toEqual(/ready on \d+/i);
});

test('what comes back is frozen, down to the fields of plugins', async () => {
  const field = definePlugin({
    name: 'tag',
    options: z.undefined(),
    fields: z.object({ list: z.array(z.string()) }),
    setup() {},
  });
  const config = {
    plugins: [field()],
    processes: { web: { command: 'x y', tag: { list: ['a'] }, port: { env: ['P'] } } },
  };
  const { resolved, plugins } = await resolveConfig(config, { root: '/project' });
  const frozen = (value: unknown): boolean =>
    typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(frozen));
  expect(resolved.processes.web?.fields).toEqual({ tag: { list: ['a'] } });
  expect(frozen(resolved)).toBe(true);
  expect(Object.isFrozen(plugins)).toBe(true);
  expect(Object.isFrozen(config.processes.web.port.env)).toBe(false);
});

test('a process may be called as a member of Object', async () => {
  const { resolved } = await resolveConfig(
    { processes: { constructor: { command: 'x' }, web: { command: 'x', dependsOn: ['constructor'] } } },
    { root: '/project' },
  );
  expect(Object.keys(resolved.processes)).toEqual(['constructor', 'web']);
});

test('the message lists all mistakes, one a line, under the name of the file', async () => {
  const config = { procesess: {}, processes: { web: { comand: 'x', port: 70_000 } } } as unknown as Config;
  const fault = await resolveConfig(config, { root: '/project', file: '/project/promptbin.config.json' }).catch(
    (e) => e,
  );
  expect(fault.message).toBe(
    [
      '/project/promptbin.config.json has 4 mistakes:',
      '  processes.web.command is missing.',
      '  processes.web.port is 70000, expected a port from 0 to 65535.',
      '  processes.web has an unknown key "comand". Did you mean "command"?',
      '  The config has an unknown key "procesess". Did you mean "processes"?',
    ].join('\n'),
  );
  expect(fault.details[1]).toEqual({
    code: 'PB_CONFIG_INVALID',
    path: 'processes.web.port',
    message: 'processes.web.port is 70000, expected a port from 0 to 65535.',
    value: '70000',
    file: '/project/promptbin.config.json',
  });
});

test.each([
  [{ command: 5 }, 'processes.web.command is 5, expected a command line or a list of its words.'],
  [{ command: ['a', 1] }, 'processes.web.command[1] is 1, expected a text.'],
  [{ command: ' ' }, 'processes.web.command is " ", expected a program to run.'],
  [{ command: [] }, 'processes.web.command is [], expected a program to run.'],
  [{ command: '""' }, 'processes.web.command is "\\"\\"", expected a program to run.'],
  [{ shell: 'yes' }, 'processes.web.shell is "yes", expected true or false.'],
  [{ kind: 'jop' }, 'processes.web.kind is "jop", expected "service" or "job". Did you mean "job"?'],
  [{ port: -1 }, 'processes.web.port is -1, expected a port from 0 to 65535.'],
  [{ port: 80.5 }, 'processes.web.port is 80.5, expected a port from 0 to 65535, "auto" or an object.'],
  [
    { port: '5000' },
    'processes.web.port is "5000", expected a port from 0 to 65535, "auto" or an object. Write 5000 without quotes.',
  ],
  [{ port: { preferred: 70_000 } }, 'processes.web.port.preferred is 70000, expected a port from 0 to 65535.'],
  [{ port: { prefered: 5000 } }, 'processes.web.port has an unknown key "prefered". Did you mean "preferred"?'],
  [{ env: { A: {} } }, 'processes.web.env.A is {}, expected a text, a number, true, false or null.'],
  [{ env: { 'A=B': 'c' } }, 'processes.web.env: "A=B" is no name of a variable.'],
  [
    { dependsOn: 'db' },
    'processes.web.dependsOn is "db", expected a list of process names or an object such as { "db": "ready" }.',
  ],
  [
    { ready: { timeout: '5 seconds' } },
    'processes.web.ready.timeout is "5 seconds", expected a duration, such as 500, "500ms", "2s", "5m" or "1h". Did you mean "5s"?',
  ],
  [
    { ready: { timeout: -5 } },
    'processes.web.ready.timeout is -5, expected a duration, such as 500, "500ms", "2s", "5m" or "1h".',
  ],
  [{ ready: { log: 5 } }, 'processes.web.ready.log is 5, expected a text (in TypeScript also a RegExp).'],
  [
    { ready: { port: true } },
    'processes.web.ready.port is true, but the process has no port. Set processes.web.port, or take "ready.port" out.',
  ],
  [
    { stop: { signal: 'TERM' } },
    /^processes\.web\.stop\.signal is "TERM", expected one of .* Did you mean "SIGTERM"\?$/,
  ],
  [
    { stop: { grace: true } },
    'processes.web.stop.grace is true, expected a duration, such as 500, "500ms", "2s", "5m" or "1h".',
  ],
  [
    { logs: { ring: '1tb' } },
    'processes.web.logs.ring is "1tb", expected a size, such as 1024, "256kb" or "10mb". Did you mean "1024gb"?',
  ],
  [{ logs: { maxFiles: -1 } }, 'processes.web.logs.maxFiles is -1, expected a whole number from 0.'],
  [{ logs: { max_size: 1 } }, 'processes.web.logs has an unknown key "max_size". Did you mean "maxSize"?'],
])('%j is a mistake', async (process, expected) => {
  const texts = await textsOf({ processes: { web: { command: 'x', ...process } } });
  expect(texts).toEqual([typeof expected === 'string' ? expected : expect.stringMatching(expected)]);
});

test.each([
  [null, 'The config is null, expected an object.'],
  [[], 'The config is [], expected an object.'],
  [() => {}, 'The config is a function, expected an object.'],
  [{}, 'processes is missing.'],
  [{ processes: [] }, 'processes is [], expected an object such as { "web": { "command": "node server.js" } }.'],
  [
    { processes: { web: 'npm start' } },
    'processes.web is "npm start", expected an object such as { "command": "node server.js" }.',
  ],
  [
    { processes: { 'my app': { command: 'x' } } },
    'processes: "my app" is no name of a process: 1 to 63 letters, digits, "-" and "_".',
  ],
  [{ processes: { promptbin: { command: 'x' } } }, 'processes: "promptbin" is the name of the manager itself.'],
  [{ plugins: {}, processes: {} }, 'plugins is {}, expected a list such as ["@promptbin/plugin-health"].'],
])('the config %j is a mistake', async (config, expected) => {
  expect(await textsOf(config)).toEqual([expected]);
});

test('records cannot be made of what a process writes by itself', async () => {
  const logs = { mode: 'direct', format: 'json' };
  const [issue] = await mistakesOf({ processes: { web: { command: 'x', logs } } });
  expect(issue).toMatchObject({ path: 'processes.web.logs.format', hint: expect.stringContaining('"pipe"') });
});

test.each([
  [{ kind: 'job' }, 'nobody would learn how the job has ended'],
  [{ tty: true, logs: {} }, 'its terminal ends with the manager. Take "tty" out.'],
  [{ stdin: 'pipe' }, 'the pipe that is its stdin ends with the manager. Take "stdin" out.'],
  [{ logs: {} }, 'the pipes that it writes its log to end with the manager. Set "logs.mode" to "direct".'],
] as const)('what cannot go on without its manager is not kept (%j)', async (given, why) => {
  const web = { command: 'x', onManagerDeath: 'keep', logs: { mode: 'direct' }, ...given } as const;
  const [issue] = await mistakesOf({ processes: { web } });
  expect(`${issue?.message} ${issue?.hint}`).toContain(`processes.web.onManagerDeath is "keep", but ${why}`);
});

test('a config that is no file cannot extend one', async () => {
  expect(await textsOf({ extends: './base.json', processes: {} })).toEqual([
    'extends is followed only in files. Load the config by loadConfig().',
  ]);
});

test('one mistake does not hide another', async () => {
  const issues = await mistakesOf({
    env: [],
    envFile: ['no-such.env'],
    plugins: [() => {}],
    processes: {
      web: { command: 'x', restrt: {}, port: 'fast', dependsOn: ['dbb'], ready: { port: true } },
      db: { kind: 'job', dependsOn: ['web', 'db'] },
      'not a name': { command: 'x' },
    },
  });
  expect(issues.map(({ path }) => path)).toEqual([
    'plugins[0]',
    'env',
    'processes.web.port',
    'processes.web.restrt',
    'processes.db.command',
    'processes["not a name"]',
    'envFile',
    'processes.web.ready.port',
    'processes.web.dependsOn.dbb',
    'processes.db.dependsOn.db',
  ]);
});
