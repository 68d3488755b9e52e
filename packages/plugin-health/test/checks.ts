import { systemClock } from '@promptbin/core';
import { Checker } from '../src/checker.ts';
import type { Served } from './serve.ts';

/** A checker of a server that counts as our own. */
export function ownChecker({ port, origin }: Served): Checker {
  const network = { listener: async () => ({ kind: 'ours', pid: 1 }) as const, tree: async () => [] };
  return new Checker({ name: 'web', port, origin, network, clock: systemClock });
}
