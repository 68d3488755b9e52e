import type { ProcessView } from '@promptbin/core';
import { expect, test } from 'vitest';
import { changedUris } from '../src/changes.ts';
import { flaskStatus } from '../src/flask-status.ts';

const view = (name: string, facts: Partial<ProcessView> = {}): ProcessView =>
  ({ name, restarts: 0, ...facts }) as ProcessView;
const db = view('db', { pid: 1 });
const api = view('api', { pid: 2, port: 8000, restarts: 3 });
const web = view('web', { pid: 3, port: 5000 });

test('it is web, or else the first that has a port', () => {
  expect(flaskStatus({ processes: [db, api, web] })).toEqual({ port: 5000, pid: 3, restarts: 0 });
  expect(flaskStatus({ processes: [db, api] })).toEqual({ port: 8000, pid: 2, restarts: 3 });
});

test('it is the configured one and no other', () => {
  expect(flaskStatus({ processes: [db, api, web] }, 'api')).toEqual({ port: 8000, pid: 2, restarts: 3 });
  expect(flaskStatus({ processes: [web] }, 'api')).toEqual({ port: null, pid: null, restarts: 0 });
});

test('it is null while it is down, and remembers the restarts', () => {
  expect(flaskStatus({ processes: [view('web', { port: 5000, restarts: 4 })] })).toEqual({
    port: null,
    pid: null,
    restarts: 4,
  });
  expect(flaskStatus({ processes: [] })).toEqual({ port: null, pid: null, restarts: 0 });
});

test('an event of another process changes it only while it is not certain which one it is', () => {
  const data = { name: 'my db', generation: 1, delayMs: 1, attempt: 1 };
  const event = { seq: 1, at: 0, type: 'process.retry', data } as const;
  const own = ['promptbin://events', 'promptbin://processes', 'promptbin://processes/my%20db'];
  expect(changedUris(event, 'web')).toEqual(own);
  expect(changedUris(event, undefined)).toEqual([...own, 'promptbin://flask-status']);
});
