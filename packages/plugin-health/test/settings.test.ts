import { readFile } from 'node:fs/promises';
import { configJsonSchema, createManager } from '@promptbin/core';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { mistakesInFields } from '../../../test-support/mistakes.ts';
import { type HealthFields, health } from '../src/index.ts';
import type { HealthPlan } from '../src/plan.ts';
import { fields, options } from '../src/settings.ts';

const good = [{ from: 200, to: 299 }];
const httpOf = (path: string) => ({ kind: 'http', path, method: 'GET', headers: {}, status: good, port: undefined });
const means = httpOf('/health');
const running = {
  // The manager's config has the default.
  periodMs: undefined,
  timeoutMs: 2000,
  retries: 2,
  initialDelayMs: 0,
  failureThreshold: 3,
  successThreshold: 1,
};
const gate = { periodMs: 250, timeoutMs: 2000, retries: 0, initialDelayMs: 0, successThreshold: 1 };
const rest = { flapping: { changes: 4, windowMs: 300_000 }, limits: { memory: undefined, cpu: undefined } };

/** What is asked by what, in order: `startup http`. */
const asked = (input: HealthFields): { gates: string[]; checks: string[] } => {
  const { gates, checks } = fields.parse(input);
  const text = (list: HealthPlan['gates'] | HealthPlan['checks']) =>
    list.map(({ kinds, means: by }) => `${kinds.join(' and ')} ${by.kind}`);
  return { gates: text(gates), checks: text(checks) };
};

describe('a plan', () => {
  it('of a path alone is startup, and readiness and liveness by one request', () => {
    const plan = {
      gates: [{ ...gate, kinds: ['startup'], means }],
      checks: [{ ...running, kinds: ['readiness', 'liveness'], means }],
      ...rest,
    };
    expect(fields.parse('/health')).toEqual(plan);
    expect(fields.parse({ http: '/health' })).toEqual(plan);
  });

  it('of each kind may differ; what it leaves out is as around it', () => {
    const plan = fields.parse({
      http: '/health',
      timeout: '1s',
      period: '4s',
      startup: { period: '100ms', failureThreshold: 240 },
      readiness: { http: '/ready', period: '1s', successThreshold: 2 },
      liveness: { retries: 0, failureThreshold: 5, successThreshold: 2, initialDelay: '3s' },
    });
    const ready = httpOf('/ready');
    expect(plan).toEqual({
      ...rest,
      gates: [
        {
          ...gate,
          ...{ kinds: ['startup'], means: ready, timeoutMs: 1000, periodMs: 100 },
          ...{ failureThreshold: 240, successThreshold: 2 },
        },
      ],
      checks: [
        { ...running, kinds: ['readiness'], means: ready, timeoutMs: 1000, periodMs: 1000, successThreshold: 2 },
        {
          ...{ kinds: ['liveness'], means, timeoutMs: 1000, periodMs: 4000, retries: 0, initialDelayMs: 3000 },
          ...{ failureThreshold: 5, successThreshold: 2 },
        },
      ],
    });
  });

  it.each<[HealthFields, string[], string[]]>([
    [{ startup: { http: '/' } }, ['startup http'], []],
    [{ readiness: { tcp: true } }, ['startup tcp'], ['readiness tcp']],
    [{ liveness: { exec: 'true' } }, [], ['liveness exec']],
    [{ startup: { log: 'up' }, readiness: { tcp: true } }, ['startup log', 'readiness tcp'], ['readiness tcp']],
    [
      { startup: { exec: './migrated' }, http: '/' },
      ['startup exec', 'readiness http'],
      ['readiness and liveness http'],
    ],
    // A means that is given twice is asked once.
    [{ startup: { http: '/' }, http: '/' }, ['startup http'], ['readiness and liveness http']],
    [{ http: '/', liveness: { tcp: true } }, ['startup http'], ['readiness http', 'liveness tcp']],
    [{ tcp: true, readiness: { timeout: '1s' } }, ['startup tcp'], ['readiness tcp', 'liveness tcp']],
    [{ heartbeat: 'beat' }, ['startup heartbeat'], ['readiness and liveness heartbeat']],
    // What a process says once says nothing of how it is later.
    [{ notify: true }, ['startup notify'], ['readiness notify']],
    [{ log: 'up' }, ['startup log'], ['readiness log']],
    [{ log: { pattern: 'tick', within: '5s' } }, ['startup log'], ['readiness and liveness log']],
    [{ notify: { systemd: true, maxAge: '10s' } }, ['startup notify'], ['readiness notify', 'liveness notify']],
    [{ liveness: { notify: 'systemd' } }, [], ['liveness notify']],
    [{ memory: { max: '512mb' } }, [], []],
    [{ cpu: { max: 90 }, startup: { tcp: true } }, ['startup tcp'], []],
  ])('of %j has these gates and checks', (input, gates, checks) => {
    expect(asked(input)).toEqual({ gates, checks });
  });

  it('has one port for all that names none', () => {
    const { gates, checks } = fields.parse({
      port: 5000,
      startup: { tcp: { port: 5001 } },
      readiness: { http: '/' },
      liveness: { exec: 'true' },
    });
    expect([...gates, ...checks].map(({ means: by }) => ('port' in by ? by.port : 'none'))).toEqual([
      ...[5001, 5000, 5000, 'none'],
    ]);
  });

  it('keeps a startup of its own at its pace, and readiness behind it', () => {
    const { gates } = fields.parse({
      startup: { log: 'up', period: '1s', initialDelay: '2s', timeout: '7s', successThreshold: 3 },
      readiness: { http: '/', timeout: '3s', period: '20s', initialDelay: '5s' },
    });
    expect(gates).toMatchObject([
      { kinds: ['startup'], periodMs: 1000, initialDelayMs: 2000, timeoutMs: 7000, successThreshold: 3 },
      { kinds: ['readiness'], periodMs: 1000, initialDelayMs: 0, timeoutMs: 3000, successThreshold: 1 },
    ]);
    expect(gates[1]).not.toHaveProperty('failureThreshold');
  });

  it('has limits and what flapping is', () => {
    const plan = fields.parse({
      tcp: true,
      memory: { max: '512mb' },
      cpu: { max: 90, for: '1m' },
      flapping: { changes: 6 },
    });
    expect(plan).toMatchObject({
      limits: { memory: { max: 512 * 2 ** 20, forMs: 10_000 }, cpu: { max: 90, forMs: 60_000 } },
      flapping: { changes: 6, windowMs: 300_000 },
    });
  });
});

describe('a mistake', () => {
  const anyMeans = 'expected what to check by: "http", "tcp", "exec", "log", "notify" or "heartbeat"';

  it.each([
    [{}, `health is {}, ${anyMeans}, or a limit: "memory" or "cpu".`],
    [{ period: '5s' }, new RegExp(`health is .*, ${anyMeans}, or a limit`)],
    [{ readiness: {} }, `health.readiness is {}, ${anyMeans}.`],
    [{ liveness: { http: '/live' }, startup: {} }, `health.startup is {}, ${anyMeans}.`],
    [{ notify: true, liveness: {} }, `health.liveness is {}, ${anyMeans}.`],
    [{ http: '/', tcp: true }, 'health.tcp is true, expected one means, and "http" is given as well.'],
    [
      { liveness: { http: '/', exec: 'true' } },
      'health.liveness.exec is "true", expected one means, and "http" is given as well.',
    ],
    [
      { liveness: { notify: true } },
      'health.liveness.notify: a descriptor tells once that the process is ready, and never that it is alive.',
    ],
    [
      { liveness: { log: 'up' } },
      'health.liveness.log: a line that was once written says nothing about now: give it "within".',
    ],
    [
      { startup: { notify: 3 }, readiness: { notify: 4 } },
      'health.readiness.notify is 4, expected 3, for a process has one descriptor to say something by.',
    ],
    [
      { notify: true, startup: { notify: 4 } },
      'health.startup.notify is 4, expected 3, for a process has one descriptor to say something by.',
    ],
    ['health', 'health is "health", expected a path that starts with "/", such as "/health" or an object.'],
    [{ http: '/', period: 0 }, 'health.period is 0, expected at least 10 ms.'],
    [{ http: '/', timeout: 0 }, 'health.timeout is 0, expected at least 1 ms.'],
    [
      { http: '/', liveness: { timeout: '2 sec' } },
      'health.liveness.timeout is "2 sec", expected a duration, such as 500, "500ms", "2s", "5m" or "1h". Did you mean "2s"?',
    ],
    [{ http: '/', liveness: { retrys: 3 } }, 'health.liveness has an unknown key "retrys". Did you mean "retries"?'],
    [{ htpt: '/' }, 'health has an unknown key "htpt". Did you mean "http"?'],
    [{ http: '/', startup: { retries: 3 } }, /^processes\.web\.health\.startup has an unknown key "retries"/],
    [{ http: '/', flapping: { changes: 1 } }, /^processes\.web\.health\.flapping\.changes is 1/],
    [{ http: '/', disk: {} }, /^processes\.web\.health has an unknown key "disk"\. Known keys: http, tcp, /],
  ])('%j is one', async (input, mistake) => {
    const expected = typeof mistake === 'string' ? `processes.web.${mistake}` : expect.stringMatching(mistake);
    expect(await mistakesInFields(health(), input)).toEqual([expected]);
  });

  it.each<HealthFields>(['/health', { http: '/' }, { liveness: { tcp: true } }, { startup: { tcp: { host: '::1' } } }])(
    '%j of a process without a port is one',
    async (input) => {
      const config = { plugins: [health()], processes: { web: { command: 'true', health: input } } };
      await expect(createManager(config, { root: import.meta.dirname, log: false })).rejects.toMatchObject({
        code: 'PB_CONFIG_INVALID',
        details: [{ message: 'processes.web.health asks at the port of the process, and it has none.' }],
      });
    },
  );

  it.each<HealthFields>([{ http: '/', port: 5000 }, { tcp: { port: 5000 } }, { exec: 'true' }, { cpu: { max: 90 } }])(
    '%j of a process without a port is none',
    async (input) => {
      const config = { plugins: [health()], processes: { web: { command: 'true', autostart: false, health: input } } };
      await using _ = await createManager(config, { root: import.meta.dirname, log: false });
    },
  );
});

/** Every key of every object in a JSON Schema. */
function keysOf(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  const own = 'properties' in node ? Object.keys(node.properties as object) : [];
  return [...own, ...Object.values(node).flatMap(keysOf)];
}

describe('the JSON Schema', () => {
  const optionsSchema = z.toJSONSchema(options, { io: 'input', unrepresentable: 'any' });
  const validate = new Ajv2020({ strict: false }).compile(configJsonSchema([health()]));
  const accepts = (input: unknown): boolean => validate({ processes: { web: { command: 'true', health: input } } });

  it.each([
    '/health',
    { http: { path: '/', status: [200, '300-399'], json: { status: 'ok', db: { up: true } }, tls: { verify: false } } },
    { tcp: { port: 5432 }, period: '5s', flapping: { changes: 8, window: '10m' } },
    { exec: ['pg_isready', '-q'], retries: 0 },
    { startup: { log: 'listening' }, readiness: { exec: { command: 'test -f up', shell: true } } },
    { notify: true, liveness: { heartbeat: { file: 'beat', maxAge: '1m' } } },
    { notify: { systemd: true, maxAge: '20s' }, memory: { max: '512mb', for: '10s' }, cpu: { max: 90 } },
  ])('accepts %j', (input) => {
    expect(accepts(input)).toBe(true);
  });

  it.each(['health', { htpt: '/' }, { http: 5 }, { cpu: {} }, { http: '/', retries: 11 }])('refuses %j', (input) => {
    expect(accepts(input)).toBe(false);
  });

  it('has no key that the README does not name', async () => {
    const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
    const keys = [z.toJSONSchema(fields, { io: 'input', unrepresentable: 'any' }), optionsSchema].flatMap(keysOf);
    expect(keys.length).toBeGreaterThan(40);
    expect([...new Set(keys)].filter((key) => !readme.includes(`\`${key}`) && !readme.includes(`.${key}\``))).toEqual(
      [],
    );
  });

  it('leaves to TypeScript what JSON has no value for', () => {
    const plan = fields.parse({ http: { path: '/', json: z.object({ status: z.literal('ok') }) } });
    expect(plan.gates).toHaveLength(1);
    expect(fields.parse({ log: /^up$/ }).gates).toHaveLength(1);
  });
});

describe('options', () => {
  it('sample every 5 s while somebody looks, otherwise, or never, and serve metrics only when asked to', () => {
    const usual = { periodMs: 5000, idlePeriodMs: 300_000 };
    expect(options.parse(undefined)).toEqual({ sample: usual, metrics: undefined });
    expect(options.parse({ sample: { period: '1s' } })).toMatchObject({
      sample: { periodMs: 1000, idlePeriodMs: 1000 },
    });
    expect(options.parse({ sample: false })).toMatchObject({ sample: undefined });
    expect(options.parse({ metrics: { port: 9100 } })).toEqual({
      sample: usual,
      metrics: { host: '127.0.0.1', port: 9100 },
    });
  });
});
