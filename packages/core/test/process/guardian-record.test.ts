import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { takeGuardianRecord } from '../../src/process/guardian-record.ts';
import { testFolder } from '../output/harness.ts';

test('what a guardian has stated is taken once', async () => {
  const file = join(await testFolder(), 'guardian.last');
  await writeFile(file, 'manager 4411\nended 4500 4501 4500 \nleft -4502 4502\n');
  expect(takeGuardianRecord(file)).toEqual({
    manager: 4411,
    at: expect.any(Number),
    ended: [4500, 4501],
    left: [4502],
  });
  expect(takeGuardianRecord(file)).toBeUndefined();
});

test.each(['', 'manager 44', 'manager 4411\nended 4500\n', '\0\0\0\0', '{}'])(
  'one that is garbled is said, and gone (%j)',
  async (text) => {
    const folder = await testFolder();
    await writeFile(join(folder, 'guardian.last'), text);
    expect(takeGuardianRecord(join(folder, 'guardian.last'))).toContain('guardian.last was no record of a guardian');
    expect(await readdir(folder)).toEqual([]);
  },
);

test('one that cannot be read is said', async () => {
  const file = join(await testFolder(), 'guardian.last');
  await mkdir(file);
  expect(takeGuardianRecord(file)).toContain('guardian.last cannot be read: EISDIR');
});
