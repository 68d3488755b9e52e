import { join } from 'node:path';
import type { Contender } from '../contender.ts';

/** `programs/bare.mjs`. */
export const bareNode: Contender = {
  name: 'bare Node',
  role: 'node',
  find: async () => process.versions.node,
  plan({ output, ...job }, folder, { root }) {
    const file = join(folder, 'output.log');
    const told = { ...job, ...(output && { output: file, direct: output === 'direct' }) };
    return {
      start: [process.execPath, join(root, 'programs', 'bare.mjs'), JSON.stringify(told)],
      stop: 'SIGTERM',
      output: file,
    };
  },
  cli: () => ({ version: [process.execPath, '-e', '0'], help: [process.execPath, '-e', '0'] }),
};
