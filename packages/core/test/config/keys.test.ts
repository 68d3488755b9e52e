import { expect, test } from 'vitest';
import * as z from 'zod';
import { configSchema } from '../../src/config/schema.ts';
import { definePlugin } from '../../src/plugins/define.ts';
import { mistakesOf, textsOf } from './mistakes.ts';

const health = definePlugin({
  name: 'health',
  options: z.undefined(),
  fields: z.strictObject({
    http: z
      .union([z.string(), z.strictObject({ path: z.string(), status: z.array(z.number()).optional() })])
      .optional(),
  }),
  setup() {},
});

test('a misspelled key of a plugin that is not listed names both', async () => {
  expect(await mistakesOf({ processes: { web: { command: 'x', restrt: {} } } })).toEqual([
    {
      code: 'PB_CONFIG_INVALID',
      path: 'processes.web.restrt',
      message: 'processes.web has an unknown key "restrt".',
      hint: 'Did you mean "restart"? That key belongs to @promptbin/plugin-restart, which is not in plugins: import { restart } from it and add restart().',
      owner: '@promptbin/plugin-restart',
    },
  ]);
});

test.each(['health', 'restart', 'fswatch', 'mcp'])('the key "%s" without its plugin names the package', async (key) => {
  expect(await textsOf({ processes: { web: { command: 'x', [key]: {} } } })).toEqual([
    `processes.web has an unknown key "${key}". That key belongs to @promptbin/plugin-${key}, which is not in plugins: import { ${key} } from it and add ${key}().`,
  ]);
});

test.each([
  ['depends_on', 'dependsOn'],
  ['envfile', 'envFile'],
  ['prot', 'port'],
  ['cmd', 'command'],
  ['environment', 'env'],
  ['helth', 'health'],
])('"%s" was meant to be "%s"', async (key, meant) => {
  const [text, ...more] = await textsOf({ plugins: [health()], processes: { web: { command: 'x', [key]: {} } } });
  expect(text).toBe(`processes.web has an unknown key "${key}". Did you mean "${meant}"?`);
  expect(more).toEqual([]);
});

test('a key like no other gets the list of keys', async () => {
  const [text] = await textsOf({ plugins: [health()], processes: { web: { command: 'x', xyzzy: 1 } } });
  expect(text).toMatch(/^processes\.web has an unknown key "xyzzy"\. Known keys: command, shell, .*, health\.$/);
});

test('inside the key of a plugin, its own schema gives the known keys', async () => {
  const web = { command: 'x', health: { htp: '/' } };
  const api = { command: 'x', health: { http: { pat: '/', status: ['200'] } } };
  expect(await textsOf({ plugins: [health()], processes: { web, api } })).toEqual([
    'processes.web.health has an unknown key "htp". Did you mean "http"?',
    'processes.api.health.http.path is missing.',
    'processes.api.health.http.status[0] is "200", expected a number. Write 200 without quotes.',
    'processes.api.health.http has an unknown key "pat". Did you mean "path"?',
  ]);
});

test('a wrong kind of value in the key of a plugin tells the kinds that would do', async () => {
  expect(await textsOf({ plugins: [health()], processes: { web: { command: 'x', health: { http: 5 } } } })).toEqual([
    'processes.web.health.http is 5, expected a text or an object.',
  ]);
});

test('a mistake that a plugin has put into words itself is told in those', async () => {
  const fields = z
    .object({ http: z.string().optional() })
    .refine(({ http }) => http !== undefined, { message: 'a probe is needed, such as "http".', path: ['http'] });
  const probe = definePlugin({ name: 'probe', options: z.undefined(), fields, setup() {} });
  expect(await textsOf({ plugins: [probe()], processes: { web: { command: 'x', probe: {} } } })).toEqual([
    'processes.web.probe.http: a probe is needed, such as "http".',
  ]);
});

test('the schema can be shown as a JSON Schema', () => {
  const schema = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' });
  expect(schema).toMatchObject({
    required: ['processes'],
    additionalProperties: false,
    properties: {
      processes: {
        additionalProperties: {
          required: ['command'],
          additionalProperties: false,
          properties: { kind: { enum: ['service', 'job'] } },
        },
      },
    },
  });
});
