import { memory } from './memory.ts';
import type { Rule } from './rule.ts';

/** All that is asked after the signals by which a program ends itself: what it has logged before may have been handled. */
export const crashes: readonly Rule[] = [
  ...memory,
  { code: 'signalled', pattern: /^Fatal Python error: /, traced: () => true },
];
