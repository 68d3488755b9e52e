import { expect, test } from 'vitest';
import { resolveConfig } from '../../src/config/resolve.ts';
import type { Config, ResolvedConfig, SharedInput } from '../../src/contract/config.ts';
import { textsOf } from './mistakes.ts';

async function resolved(config: Config): Promise<ResolvedConfig> {
  return (await resolveConfig(config, { root: '/project' })).resolved;
}

const web = (shared: SharedInput, fields: object = {}): Config => ({
  shared,
  processes: { web: { command: 'x', ...fields } },
});

test('a section that is given is completed, one that is not stays away, and others are as they are written', async () => {
  const own = { list: [1, { deep: null }], text: 'x' };
  const { shared } = await resolved(web({ flask: {}, logging: { level: 'DEBUG' }, own }));
  expect(shared).toEqual({
    flask: { port: 5000, debug: false, host: '127.0.0.1' },
    logging: { level: 'DEBUG', format: 'json' },
    own,
  });
  expect((await resolved(web({ mcp: { restart_threshold: 7 } }))).shared).toEqual({
    mcp: { health_check_interval: 30, restart_threshold: 7, shutdown_timeout: 10 },
  });
  expect(await resolved({ processes: {} })).not.toHaveProperty('shared');
});

test.each<[what: string, fields: object, port: object]>([
  [
    'without a port of its own',
    {},
    { preferred: 5001, strict: false, host: '::1', env: [], handoff: false, overlap: false },
  ],
  [
    'with a number',
    { port: 6000 },
    { preferred: 6000, strict: false, host: '::1', env: [], handoff: false, overlap: false },
  ],
  [
    'with "auto"',
    { port: 'auto' },
    { preferred: 'auto', strict: false, host: '::1', env: [], handoff: false, overlap: false },
  ],
  ['with options', { port: { strict: true, env: 'P' } }, { preferred: 5001, strict: true, host: '::1', env: ['P'] }],
  [
    'with a host',
    { port: { host: '0.0.0.0' } },
    { preferred: 5001, strict: false, host: '0.0.0.0', env: [], handoff: false, overlap: false },
  ],
])('the section of a process gives its port and host, %s', async (_, fields, port) => {
  const { processes } = await resolved(web({ flask: { port: 5001, host: '::1' } }, { shared: 'flask', ...fields }));
  expect(processes.web).toMatchObject({ shared: 'flask', port, ready: { port: true } });
});

test('a section of the project is enough; one without a port gives none, and port 0 is any', async () => {
  const { processes } = await resolved({
    shared: { api: { port: 7000 }, any: { port: 0, host: '0.0.0.0' }, job: { size: 3 } },
    processes: {
      api: { command: 'x', shared: 'api' },
      any: { command: 'x', shared: 'any' },
      job: { command: 'x', shared: 'job' },
      listens: { command: 'x', port: {} },
    },
  });
  expect(processes.api?.port).toMatchObject({ preferred: 7000, host: '127.0.0.1' });
  expect(processes.any?.port).toMatchObject({ preferred: 'auto', host: '0.0.0.0' });
  expect(processes.job).not.toHaveProperty('port');
  expect(processes.listens?.port).toMatchObject({ preferred: 'auto', host: '127.0.0.1' });
});

test('the shutdown timeout is the default grace, in seconds', async () => {
  const { processes } = await resolved({
    shared: { mcp: { shutdown_timeout: 2.5 } },
    processes: { web: { command: 'x' }, slow: { command: 'x', stop: { grace: '1m' } } },
  });
  expect(processes.web?.stop.graceMs).toBe(2500);
  expect(processes.slow?.stop.graceMs).toBe(60_000);
  expect((await resolved({ processes: { web: { command: 'x' } } })).processes.web?.stop.graceMs).toBe(5000);
});

test('mistakes in it are told with their paths', async () => {
  const shared = {
    flask: { port: 70_000, prot: 5000 },
    mcp: { health_check_interval: 0, restart_threshold: 1.5, shutdown_timeout: '10s' },
    logging: { level: 'info', format: 'jsno' },
    runtime: { mode: 'managed' },
    own: { callback: () => 1 },
  } as unknown as SharedInput;
  // That it names a section is no second mistake.
  expect(await textsOf(web(shared, { shared: 'flask' }), { root: '/project' })).toMatchInlineSnapshot(`
    [
      "shared.flask.port is 70000, expected a port from 0 to 65535.",
      "shared.flask has an unknown key "prot". Did you mean "port"?",
      "shared.mcp.health_check_interval is 0, expected seconds, more than 0.",
      "shared.mcp.restart_threshold is 1.5, expected a whole number.",
      "shared.mcp.shutdown_timeout is "10s", expected a number of seconds.",
      "shared.logging.level is "info", expected "TRACE", "DEBUG", "INFO", "WARNING", "ERROR" or "CRITICAL". Did you mean "INFO"?",
      "shared.logging.format is "jsno", expected "json" or "text". Did you mean "json"?",
      "shared.runtime is {"mode":"managed"}, expected nothing: promptbin itself writes it.",
      "shared.own.callback is a function, expected a text or a number or true or false or null or a list or an object.",
    ]
  `);
});

test('a process that names no section of its own is told so', async () => {
  const config: Config = {
    shared: { flask: { port: 5000 }, list: [1], bad: { port: 'x', host: 5 } },
    processes: {
      a: { command: 'x', shared: 'flsk' },
      b: { command: 'x', shared: 'flask' },
      c: { command: 'x', shared: 'flask' },
      d: { command: 'x', shared: 'list' },
      e: { command: 'x', shared: 'bad' },
      f: { command: 'x', shared: 'toString' },
    },
  };
  expect(await textsOf(config, { root: '/project' })).toMatchInlineSnapshot(`
    [
      "processes.a.shared is "flsk", and "shared" has no such section. Did you mean "flask"?",
      "processes.c.shared is "flask", the section that describes "b" already. Give the process a section of its own: its real port and host are written into it.",
      "shared.list is [1], expected an object: it describes "d".",
      "shared.bad.port is "x", expected a port from 0 to 65535.",
      "shared.bad.host is 5, expected some text.",
      "processes.f.shared is "toString", and "shared" has no such section. Add the section to "shared".",
    ]
  `);
  expect(await textsOf({ processes: { a: { command: 'x', shared: 'flask' } } }, { root: '/project' })).toEqual([
    'processes.a.shared is "flask", and "shared" has no such section. Add the section to "shared".',
  ]);
});
