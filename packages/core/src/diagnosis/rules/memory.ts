import type { Rule } from './rule.ts';

/** More memory than it may have, or than there is. */
export const memory: readonly Rule[] = [
  {
    code: 'outOfMemory',
    pattern: /JavaScript heap out of memory/,
    hint: () =>
      'Raise the limit of the heap (`NODE_OPTIONS=--max-old-space-size=4096`, in MB), or keep less in memory.',
  },
  {
    code: 'outOfMemory',
    pattern: /\bjava\.lang\.OutOfMemoryError\b/,
    hint: () => 'Raise the limit of the heap (`-Xmx`), or keep less in memory.',
  },
  {
    code: 'outOfMemory',
    pattern:
      /^MemoryError\b|^(?:fatal error|runtime): (?:runtime: )?(?:out of memory|cannot allocate memory)|\bCannot allocate memory\b/,
    hint: () => 'Give it more memory, or let it ask for less at once.',
  },
];
