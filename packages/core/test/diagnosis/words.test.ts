import type { Cause } from '@promptbin/core';
import { expect, test } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';

/** Of what many programs say in their own words; what the usual tools say is recorded. */
function causeOf(...texts: readonly string[]): Cause | undefined {
  const lines = texts.map((text, index) => ({
    ...{ seq: index + 1, at: 0, name: 'web', generation: 1 },
    stream: 'err' as const,
    text,
  }));
  return diagnose(lines, { code: 1 }, {});
}

test.each([
  'Error: DATABASE_URL must be set',
  'DATABASE_URL is not set',
  'config: DATABASE_URL is required',
  'error: environment variable "DATABASE_URL" not set',
  'Missing environment variable `DATABASE_URL`',
  'required env: DATABASE_URL',
  'decouple.UndefinedValueError: DATABASE_URL not found. Declare it as envvar or define a default value.',
])('%s: a variable is missing', (text) => {
  expect(causeOf(text)).toMatchObject({
    code: 'missingEnv',
    message: 'environment variable DATABASE_URL is not set',
    hint: 'Set DATABASE_URL in `env` or an `envFile` of the process.',
    evidence: [text],
  });
});

test.each([
  'CACHE_URL is not set, using memory',
  'CACHE_URL is not set: skipping the cache',
  '2026-11-26 04:10:28 WARNING CACHE_URL is not set',
  "NameError: name 'CACHE_URL' is not defined",
  'ReferenceError: CACHE_URL is not defined',
  'row USER_DATA not found',
])('%s: no variable is missing', (text) => {
  expect(causeOf(text)?.code).not.toBe('missingEnv');
});

test.each([
  ['dial tcp: lookup db.local: no such host', 'unreachable'],
  ['Error: getaddrinfo ENOTFOUND db.local', 'unreachable'],
  ['psql: error: could not translate host name "db" to address: Name or service not known', 'unreachable'],
  ['flag provided but not defined: -prot', 'configError'],
  ['Error: No such option: --prot', 'configError'],
  ['ImportError: libGL.so.1: cannot open shared object file: No such file or directory', 'missingFile'],
  ['nginx: [emerg] open() "/var/log/x.log" failed (13: Permission denied)', 'permissionDenied'],
  ['nginx: [emerg] bind() to 0.0.0.0:80 failed (13: Permission denied)', 'permissionDenied'],
  ['fork: Cannot allocate memory', 'outOfMemory'],
])('%s is %s', (text, code) => {
  expect(causeOf(text)).toMatchObject({ code, evidence: [text] });
});

test('what was said long before the end is no cause', () => {
  const later = Array.from({ length: 30 }, (_, index) => `request ${index} served`);
  expect(causeOf('Error: DATABASE_URL must be set', ...later)).toBeUndefined();
  expect(causeOf('Error: DATABASE_URL must be set', ...later.slice(0, 5))?.code).toBe('missingEnv');
});

test('an exception counts more than a line that was written well before it', () => {
  const trace = ['Traceback (most recent call last):', '  File "/app/app.py", line 3, in serve', 'ValueError: boom'];
  const between = ['one', 'two', 'three', 'four'];
  expect(causeOf('Permission denied', ...between, ...trace)).toMatchObject({ code: 'exception' });
  // What a server says right before or after it is about it.
  expect(causeOf("Error: class uri 'nope' invalid or not found:", ...trace)).toMatchObject({ code: 'configError' });
});
