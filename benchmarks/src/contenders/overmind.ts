import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Contender } from '../contender.ts';
import { shellLine, versionOf } from './versions.ts';

export const overmind: Contender = {
  name: 'overmind',
  role: 'system',
  find: async () => versionOf('overmind', '--version'),
  plan({ command, count, restart, graceMs, output, watch }, folder) {
    if (output !== undefined || watch !== undefined) return undefined;
    const lines = Array.from({ length: count }, (_, index) => `p${index}: exec ${shellLine(command)}\n`);
    const file = join(folder, 'Procfile');
    writeFileSync(file, lines.join(''));
    const seconds = String(Math.max(1, Math.round(graceMs / 1000)));
    const own = ['--procfile', file, '--socket', join(folder, 's'), '--timeout', seconds, '--no-port'];
    return {
      start: ['overmind', 'start', ...own, ...(restart ? ['--auto-restart', 'all'] : [])],
      stop: 'SIGTERM',
      status: ['overmind', 'status', '--socket', join(folder, 's')],
    };
  },
  cli: () => ({ version: ['overmind', '--version'], help: ['overmind', '--help'] }),
};
