import { spawnSync } from 'node:child_process';
import type { ManagerEvent } from '@promptbin/core';
import { expect, test } from 'vitest';
import { fixture } from '../support/files.ts';
import { counted, journalFolder, seqs } from './harness.ts';

const own = ['--map-root-user', '--mount'];
/** Some containers let nobody but root mount anything, or nobody at all. */
const mayMount = spawnSync('unshare', [...own, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

test.runIf(mayMount)('a disk that is full, or read-only, is told once, and nothing is missing afterwards', async () => {
  const args = [...own, process.execPath, fixture('journal-full.ts'), await journalFolder()];
  const { stdout, stderr } = spawnSync('unshare', args, { encoding: 'utf8' });
  expect(stderr).toBe('');
  const { whenFull, events, heard } = JSON.parse(stdout) as {
    whenFull: number;
    events: readonly ManagerEvent[];
    heard: readonly ManagerEvent[];
  };
  expect(whenFull).toBeGreaterThanOrEqual(10);
  expect(whenFull).toBeLessThan(500);
  expect(events).toEqual(heard);
  expect(seqs(events)).toEqual(counted(1, events.length));
  const facts = events.filter(({ type }) => type.startsWith('journal.'));
  expect(facts.map(({ type, data }) => ('message' in data ? data.message : type))).toEqual([
    expect.stringMatching(/ENOSPC/),
    'journal.resumed',
    expect.stringMatching(/EROFS/),
    'journal.resumed',
  ]);
});
