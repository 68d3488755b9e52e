import type { Contender, Machine } from '../contender.ts';
import { packageFile, packageVersion, shellLine } from './versions.ts';

const command = (machine: Machine): [string, string] => [
  process.execPath,
  packageFile(machine, 'concurrently', 'dist', 'bin', 'index.js'),
];

export const concurrently: Contender = {
  name: 'concurrently',
  role: 'npm',
  find: async (machine) => packageVersion(machine, 'concurrently'),
  plan({ command: child, count, restart, graceMs, output, watch }, _folder, machine) {
    if (output === 'direct' || watch !== undefined) return undefined;
    const again = restart ? ['--restart-tries', '-1', '--restart-after', '0'] : [];
    const lines = Array.from({ length: count }, () => `exec ${shellLine(child)}`);
    return { start: [...command(machine), '--kill-timeout', String(graceMs), ...again, ...lines], stop: 'SIGTERM' };
  },
  cli: (machine) => ({ version: [...command(machine), '--version'], help: [...command(machine), '--help'] }),
};
