import { expect, test } from 'vitest';
import { Snapshot, type TableEntry } from '../../src/process/process-table.ts';
import { findMembers, treeOf } from '../../src/process/tree.ts';
import { fixture, pidAfter, start } from './harness.ts';

function entry(pid: number, facts: Partial<TableEntry> = {}): TableEntry {
  return { pid, ppid: 1, pgid: pid, session: pid, startTime: 1000, state: 'S', threads: 1, isKernel: false, ...facts };
}

function find(entries: TableEntry[], startTime = 1000): { own: number[]; descended: number[] } {
  const { own, descended } = findMembers(new Snapshot(entries), { pid: 100, startTime, stamp: 'ours' });
  return { own: own.map(({ pid }) => pid), descended: descended.map(({ pid }) => pid) };
}

test('group, session and stamp make a member; descent is told apart', () => {
  const entries = [
    entry(100, { stamp: 'ours' }),
    entry(101, { pgid: 100, session: 100 }),
    entry(102, { pgid: 102, session: 100 }),
    entry(103, { stamp: 'ours' }),
    entry(104, { ppid: 103, stamp: 'nested' }),
    entry(105, { ppid: 104 }),
    entry(200, { stamp: 'theirs' }),
    entry(201, { ppid: 200 }),
  ];
  expect(find(entries)).toEqual({ own: [100, 101, 102, 103], descended: [104, 105] });
});

test('the group goes on without its leader', () => {
  expect(find([entry(101, { pgid: 100, session: 100 })])).toEqual({ own: [101], descended: [] });
});

test('a number that was given to another process says nothing about us', () => {
  const entries = [
    entry(100, { startTime: 2000 }),
    entry(101, { pgid: 100, session: 100 }),
    entry(102, { stamp: 'ours' }),
  ];
  expect(find(entries)).toEqual({ own: [102], descended: [] });
});

test('the tree of a running process, the leader first', async () => {
  const started = start('node', [fixture('fork-and-leave.mjs'), 'stay']);
  const pid = await pidAfter(started, 'child');
  const stamp = `test-${process.pid}\0web\0${started.plan.generation}`;
  expect(await treeOf(started.child.pid, stamp)).toEqual([started.child.pid, pid]);
  expect(await treeOf(2 ** 22 + 1, undefined)).toEqual([]);
});
