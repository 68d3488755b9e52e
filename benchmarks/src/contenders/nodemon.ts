import type { Contender, Machine } from '../contender.ts';
import { packageFile, packageVersion, shellLine } from './versions.ts';

const command = (machine: Machine): [string, string] => [
  process.execPath,
  packageFile(machine, 'nodemon', 'bin', 'nodemon.js'),
];

/** It watches files and runs one command: nothing else of it is compared. */
export const nodemon: Contender = {
  name: 'nodemon',
  role: 'npm',
  find: async (machine) => packageVersion(machine, 'nodemon'),
  plan({ command: child, watch }, _folder, machine) {
    if (watch === undefined) return undefined;
    const run = ['--signal', 'SIGTERM', '--exec', `exec ${shellLine(child)}`];
    return { start: [...command(machine), '--delay', '0', '--watch', watch, '--ext', 'txt', ...run], stop: 'SIGTERM' };
  },
  cli: (machine) => ({ version: [...command(machine), '--version'], help: [...command(machine), '--help'] }),
};
