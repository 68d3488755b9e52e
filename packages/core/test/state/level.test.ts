import { expect, test } from 'vitest';
import { accessOf } from '../../src/state/access-line.ts';
import { levelOf } from '../../src/state/level.ts';

test.for<[string, string | undefined]>([
  // Python logging, as it comes and as it is mostly configured.
  ['WARNING:root:old setting', 'warn'],
  ['2026-11-26 04:14:13,123 - app.notes - ERROR - no database', 'error'],
  ['2026-11-26 04:14:13,123 CRITICAL [app] out of disk', 'fatal'],
  ['[2026-11-26 04:14:13,123] ERROR in app: Exception on / [GET]', 'error'],
  // gunicorn, uvicorn, nginx, npm, log4j, klog, logfmt.
  ['[2026-11-26 04:14:13 +0000] [4711] [INFO] Listening at: http://127.0.0.1:8000 (4711)', 'info'],
  ['[2026-11-26 04:14:13 +0000] [4711] [CRITICAL] WORKER TIMEOUT (pid:4712)', 'fatal'],
  ['INFO:     Uvicorn running on http://127.0.0.1:8000', 'info'],
  ['\u001B[32mINFO\u001B[0m:     Application startup complete.', 'info'],
  ['2026/11/26 04:14:13 [error] 12#0: *1 connect() failed', 'error'],
  ['npm ERR! code ELIFECYCLE', 'error'],
  ['2026-11-26T04:14:13.123Z  WARN  [main] o.s.Context: late', 'warn'],
  ['E1126 04:14:13.123456   12 server.go:7] refused', 'error'],
  ['ts=2026-11-26T04:14:13Z level=debug msg="cache hit"', 'debug'],
  // pino, and JSON that names its levels.
  ['{"level":30,"time":1,"msg":"listening"}', 'info'],
  ['{"level":60,"msg":"gone"}', 'fatal'],
  ['{"time":1,"level":"error","msg":"INFO is no level here"}', 'error'],
  ['{"severity":"WARNING","message":"slow"}', 'warn'],
  ['{"a":1}', undefined],
  // Access logs: what an answer of 500 is called there is no help.
  ['127.0.0.1 - - [26/Nov/2026 04:14:13] "GET / HTTP/1.1" 200 -', 'info'],
  ['127.0.0.1 - - [26/Nov/2026 04:14:13] "GET /favicon.ico HTTP/1.1" 404 -', 'warn'],
  ['INFO:     127.0.0.1:4711 - "POST /notes HTTP/1.1" 500 Internal Server Error', 'error'],
  ['GET /notes 503 1.2 ms - 20', 'error'],
  // What runtimes say.
  ['Traceback (most recent call last):', 'error'],
  ["ModuleNotFoundError: No module named 'flask'", 'error'],
  ['sqlite3.OperationalError: no such table: notes', 'error'],
  ['TypeError: x is not a function', 'error'],
  ['Exception in thread "main" java.lang.IllegalStateException: no', 'error'],
  ['/srv/app/views.py:3: DeprecationWarning: use b', 'warn'],
  ['(node:12) [DEP0040] DeprecationWarning: punycode', 'warn'],
  // None.
  ['Listening on 5000', undefined],
  ['no errors so far, error count is 0', undefined],
  ['', undefined],
])('%o is of level %o', ([text, level]) => {
  expect(levelOf(text)).toBe(level);
});

test.for<[string, unknown]>([
  [
    '127.0.0.1 - - [26/Nov/2026 04:14:13] "GET /notes?id=7 HTTP/1.1" 200 -',
    { method: 'GET', target: '/notes?id=7', status: 200 },
  ],
  ['INFO:     127.0.0.1:1 - "HEAD / HTTP/1.1" 304 Not Modified', { method: 'HEAD', target: '/', status: 304 }],
  ['DELETE /notes/7 204 3.1 ms - -', { method: 'DELETE', target: '/notes/7', status: 204 }],
  ['GET /notes took long', undefined],
  ['he said "GET lost"', undefined],
])('%o tells of the request %o', ([text, access]) => {
  expect(accessOf(text)).toEqual(access);
});

test('no line takes long, whatever stands in it', () => {
  const began = performance.now();
  for (const piece of ['a.', 'Error', ' [', '"GET ', '{"level":', '/x ']) levelOf(piece.repeat(16_384 / piece.length));
  expect(performance.now() - began).toBeLessThan(1000);
});
