import { chmod, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@promptbin/core';
import { expect, it } from 'vitest';
import { createFilter } from '../../src/watch/filter.ts';
import { scan } from '../../src/watch/scan.ts';
import { temporaryFolder } from './folder.ts';

it('finds the files that count, and which were written since, whatever time they claim', async () => {
  const folder = await temporaryFolder({
    'a.py': '1',
    'deep/er/b.py': '1',
    'deep/c.py': '1',
    'notes.txt': '1',
    'node_modules/x.py': '1',
    '.gitignore': 'out/',
    'out/x.py': '1',
  });
  await symlink(folder, join(folder, 'deep', 'round'));
  await symlink('nowhere', join(folder, 'deep', 'lost.py'));
  await symlink('../a.py', join(folder, 'deep', 'linked.py'));
  await systemClock.sleep(50);
  const since = Date.now() - 10;
  const at = (name: string): string => join(folder, name);
  await writeFile(at('deep/er/b.py'), '2');
  await utimes(at('deep/er/b.py'), new Date(0), new Date(0));
  const filter = createFilter([folder], { include: ['*.py'], ignore: [], gitignore: true });
  const { files, written } = await scan([folder, at('missing')], filter, since);
  expect([...files].toSorted()).toEqual(['a.py', 'deep/c.py', 'deep/er/b.py', 'deep/linked.py'].map(at));
  expect(written).toEqual([at('deep/er/b.py')]);
});

it('passes over a folder that is closed to it', async () => {
  const folder = await temporaryFolder({ 'a.py': '1', 'closed/b.py': '1' });
  await chmod(join(folder, 'closed'), 0);
  const filter = createFilter([folder], { include: ['*.py'], ignore: [], gitignore: true });
  const { files } = await scan([folder], filter, 0);
  await chmod(join(folder, 'closed'), 0o700);
  // To root nothing is closed.
  expect([...files]).toContain(join(folder, 'a.py'));
});
