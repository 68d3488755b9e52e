import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { fixture } from '../support/files.ts';
import { testFolder } from './harness.ts';

const own = ['--map-root-user', '--mount'];
/** Some containers let nobody but root mount anything, or nobody at all. */
const mayMount = spawnSync('unshare', [...own, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

test.runIf(mayMount).each(['raw', 'json'])(
  'a disk that is full, or read-only, costs what has no room in a %s log, and nothing else',
  async (format) => {
    const args = [...own, process.execPath, fixture('logs-full.ts'), await testFolder(), format];
    const { stdout, stderr } = spawnSync('unshare', args, { encoding: 'utf8' });
    expect(stderr).toBe('');
    const { file, ring, faults } = JSON.parse(stdout) as {
      readonly file: string;
      readonly ring: readonly string[];
      readonly faults: readonly { readonly message: string }[];
    };
    // Nobody was held up, and the memory has all of it.
    const words = ['before', 'full', 'fuller', 'again', 'closed', 'open'];
    const said = (word: string) => [
      ...Array.from({ length: 1000 }, (_, index) => `${word} ${index + 1}`),
      `all of ${word}`,
    ];
    expect(ring).toEqual(words.flatMap(said));
    expect(['before', 'again', 'open'].flatMap(said).filter((line) => !file.includes(line))).toEqual([]);
    expect(file.includes('all of fuller')).toBe(false);
    // Each fault once, and what it has cost.
    expect(faults.map(({ message }) => message.replaceAll(/\d+(?= bytes)/g, 'N'))).toEqual([
      expect.stringMatching(/^cannot write to .*web\.log: ENOSPC/),
      expect.stringMatching(/^N bytes of output were not written/),
      expect.stringMatching(/^cannot write to .*web\.log: EROFS/),
      expect.stringMatching(/^N bytes of output were not written/),
    ]);
  },
);
