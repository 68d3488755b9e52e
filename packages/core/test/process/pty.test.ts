import { expect, test } from 'vitest';
import { loadPty } from '../../src/process/pty.ts';

test('without the library it says what to install', async () => {
  const missing = loadPty(() => Promise.reject(new Error('Cannot find package')));
  await expect(missing).rejects.toMatchObject({
    code: 'PB_TTY_UNAVAILABLE',
    hint: expect.stringContaining('npm install'),
  });
});
