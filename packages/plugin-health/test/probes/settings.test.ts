import { definePlugin, type Plugin } from '@promptbin/core';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { mistakesInFields } from '../../../../test-support/mistakes.ts';
import { givenMeans, isShared, meansMistake, standsFor } from '../../src/probes/means.ts';
import { meansShape } from '../../src/probes/settings.ts';

const schema = z.strictObject(meansShape);
const parse = (fields: unknown) => givenMeans(schema.parse(fields))[0];

/** What is wrong, as a user reads it. */
const mistakeIn = async (fields: unknown) => {
  const setup = (): void => {};
  const plugin = definePlugin({ name: 'health', options: z.undefined(), fields: schema, setup })();
  return (await mistakesInFields(plugin as unknown as Plugin, fields)).join('\n');
};

describe('means', () => {
  it('of each kind are written in short', () => {
    const ok = [{ from: 200, to: 299 }];
    expect(parse({ http: '/h' })).toEqual({ kind: 'http', path: '/h', method: 'GET', headers: {}, status: ok });
    expect(parse({ tcp: true })).toEqual({ kind: 'tcp' });
    expect(parse({ exec: 'pg_isready -h "a b"' })).toEqual({
      kind: 'exec',
      command: 'pg_isready',
      args: ['-h', 'a b'],
      shell: false,
    });
    expect(parse({ log: 'ready' })).toEqual({ kind: 'log', pattern: 'ready' });
    expect(parse({ notify: true })).toEqual({ kind: 'notify', by: 3 });
    expect(parse({ notify: 'systemd' })).toEqual({ kind: 'notify', by: 'systemd' });
    expect(parse({ heartbeat: 'beat' })).toEqual({ kind: 'heartbeat', file: 'beat', maxAgeMs: 30_000 });
  });

  it('take what there is to say about them', () => {
    expect(parse({ http: { path: '/', status: [200, '400-404'], tls: { ca: 'ca.pem' } } })).toMatchObject({
      status: [
        { from: 200, to: 200 },
        { from: 400, to: 404 },
      ],
      tls: { verify: true, ca: 'ca.pem' },
    });
    expect(parse({ http: { path: '/', tls: true } })).toMatchObject({ tls: { verify: true } });
    expect(parse({ exec: { command: 'a && b', shell: true } })).toMatchObject({ command: 'a && b', args: [] });
    expect(parse({ log: { pattern: 'x', within: '5s' } })).toMatchObject({ withinMs: 5000 });
    expect(parse({ notify: { systemd: true, maxAge: '5s' } })).toMatchObject({ by: 'systemd', maxAgeMs: 5000 });
  });

  it('match each line by itself, whatever the flags', () => {
    expect(parse({ log: /up/giy })).toEqual({ kind: 'log', pattern: /up/i });
    expect(parse({ log: { pattern: /up/g } })).toMatchObject({ pattern: /up/ });
  });

  it('keep a schema as it is, told from an object to be like', () => {
    const status = z.object({ status: z.literal('up') });
    expect(parse({ http: { path: '/', json: status } })).toMatchObject({ json: { schema: status } });
    expect(parse({ http: { path: '/', json: { status: 'up' } } })).toMatchObject({ json: { like: { status: 'up' } } });
  });

  it.each([
    [{ http: 'health' }, '.http is "health", expected a path that starts with "/", such as "/health" or an object.'],
    [{ http: 5 }, '.http is 5, expected a text or an object.'],
    [
      { http: { path: '/', status: '399-200' } },
      '.http.status is "399-200", expected a status code, a range such as "200-399", or a list of them.',
    ],
    [
      { http: { path: '/', status: '4xx' } },
      '.http.status is "4xx", expected a status code, a range such as "200-399", or a list of them.',
    ],
    [
      { http: { path: '/', method: 'get' } },
      '.http.method is "get", expected "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE" or "OPTIONS". Did you mean "GET"?',
    ],
    [{ http: { path: '/', headers: { 'x y': '1' } } }, '.http.headers: "x y" is no name of a header.'],
    [{ http: { path: '/', headers: { x: 'a\nb' } } }, '.http.headers.x: has a character that no header can have.'],
    [
      { http: { path: '/', json: [1] } },
      '.http.json is [1], expected an object of keys that the answer must hold (in TypeScript also a schema).',
    ],
    [{ http: { path: '/', tls: { verfy: true } } }, '.http.tls has an unknown key "verfy". Did you mean "verify"?'],
    [{ tcp: false }, '.tcp is false, expected true or an object.'],
    [
      { exec: 'a && b' },
      '.exec: has "&&", which means something to a shell only, and none runs it. Set "shell" to true, or write the command as a list if the word is meant as it is.',
    ],
    [
      { exec: { command: ['a'], shell: true } },
      '.exec: is a list, but "shell" is true, and a shell takes one text. Write the command as one text, or take "shell" out.',
    ],
    [{ log: 5 }, '.log is 5, expected a text (in TypeScript also a RegExp) or an object.'],
    [{ notify: 2 }, '.notify is 2, expected true, a descriptor from 3 to 255, "systemd" or an object.'],
    [
      { notify: 'sd_notify' },
      '.notify is "sd_notify", expected true, a descriptor from 3 to 255, "systemd" or an object.',
    ],
    [{ heartbeat: { file: 'x', maxAge: 5 } }, '.heartbeat.maxAge is 5, expected at least 100 ms.'],
  ])('%j is a mistake', async (fields, why) => {
    expect(await mistakeIn(fields)).toBe(`processes.web.health${why}`);
  });

  it('can be written in JSON, as far as JSON goes', () => {
    const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
    expect(Object.keys(json.properties ?? {})).toEqual(['http', 'tcp', 'exec', 'log', 'notify', 'heartbeat']);
    expect(JSON.stringify(json.properties?.http)).toContain('"not":{}');
  });
});

describe('what a means can tell', () => {
  const notify = { kind: 'notify', by: 3 } as const;
  const systemd = { kind: 'notify', by: 'systemd' } as const;

  it('is all of it, but for notifications without a watchdog', () => {
    expect(standsFor({ kind: 'tcp' })).toEqual(['startup', 'readiness', 'liveness']);
    expect(standsFor(notify)).toEqual(['startup', 'readiness']);
    expect(standsFor(systemd)).toEqual(['startup', 'readiness']);
    expect(standsFor({ ...systemd, maxAgeMs: 5 })).toEqual(['startup', 'readiness', 'liveness']);
  });

  it('is never the liveness by a descriptor', () => {
    expect(meansMistake(notify, 'liveness')).toContain('never that it is alive');
    expect(meansMistake(notify, 'startup')).toBeUndefined();
    expect(meansMistake(systemd, 'liveness')).toBeUndefined();
  });

  it('is the same for readiness and liveness, but for notifications', () => {
    expect([isShared({ kind: 'tcp' }), isShared(systemd)]).toEqual([true, false]);
  });
});
