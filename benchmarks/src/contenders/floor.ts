import { join } from 'node:path';
import type { Contender } from '../contender.ts';

/** `native/floor.c`. */
export const floor: Contender = {
  name: 'C floor',
  role: 'floor',
  find: async ({ programs }) => programs.compiler,
  plan({ command, count, restart, graceMs, output, watch }, folder, { programs }) {
    if (programs.floor === undefined || watch !== undefined) return undefined;
    const file = join(folder, 'output.log');
    const to = output === undefined ? '-' : `${output}:${file}`;
    return {
      start: [programs.floor, String(count), restart ? '1' : '0', String(graceMs), to, ...command],
      stop: 'SIGTERM',
      output: file,
    };
  },
  cli: () => ({ version: ['true'] }),
};
