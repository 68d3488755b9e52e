import { expect, test } from 'vitest';
import { textsOf } from './mistakes.ts';

const command = 'x';

test('an unknown dependency suggests the nearest name, or lists the names', async () => {
  expect(
    await textsOf({ processes: { web: { command, dependsOn: ['databse', 'zzz'] }, database: { command } } }),
  ).toEqual([
    'processes.web depends on "databse", which is no process of this config. Did you mean "database"?',
    'processes.web depends on "zzz", which is no process of this config. Known processes: web, database.',
  ]);
});

test('a process cannot depend on itself', async () => {
  expect(await textsOf({ processes: { a: { command, dependsOn: ['a'] } } })).toEqual([
    'processes.a depends on itself.',
  ]);
});

test('a cycle is printed as it goes round; who only leads into it is not part of it', async () => {
  const processes = {
    lead: { command, dependsOn: ['a'] },
    a: { command, dependsOn: ['free', 'b'] },
    b: { command, dependsOn: { c: 'started' } },
    c: { command, dependsOn: ['a'] },
    free: { command },
    x: { command, dependsOn: ['y'] },
    y: { command, dependsOn: ['x'] },
  };
  expect(await textsOf({ processes })).toEqual([
    'These processes wait for each other: a → b → c → a. Take one of the dependencies out.',
    'These processes wait for each other: x → y → x. Take one of the dependencies out.',
  ]);
});

test('a service never completes', async () => {
  const processes = {
    db: { command },
    setup: { command, kind: 'job' },
    web: { command, dependsOn: { db: 'completed', setup: 'completed' } },
  };
  expect(await textsOf({ processes })).toEqual([
    'processes.web waits until "db" has completed, but a service does not complete. Set processes.db.kind to "job", or depend on "ready".',
  ]);
});

test('a long chain is no cycle and no trouble', async () => {
  const chain = Array.from({ length: 2_000 }, (_, n) => [
    `p${n}`,
    { command, dependsOn: n === 0 ? ['nobody'] : [`p${n - 1}`] },
  ]);
  const [text, ...more] = await textsOf({ processes: Object.fromEntries(chain) });
  expect(text).toContain('processes.p0 depends on "nobody"');
  expect(more).toEqual([]);
});
