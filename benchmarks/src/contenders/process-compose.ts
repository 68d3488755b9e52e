import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Contender } from '../contender.ts';
import { shellLine, versionOf } from './versions.ts';

export const processCompose: Contender = {
  name: 'process-compose',
  role: 'system',
  find: async () => versionOf('process-compose', 'version', '--short'),
  plan({ command, count, restart, graceMs, output, watch }, folder) {
    if (output === 'direct' || watch !== undefined) return undefined;
    const log = join(folder, 'output.log');
    const one = {
      command: `exec ${shellLine(command)}`,
      availability: { restart: restart ? 'always' : 'no', backoff_seconds: 0 },
      shutdown: { signal: 15, timeout_seconds: Math.max(1, Math.round(graceMs / 1000)) },
      ...(output && { log_location: log, log_configuration: { no_metadata: true, disable_json: true } }),
    };
    const processes = Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, one]));
    const file = join(folder, 'process-compose.yaml');
    // JSON is YAML.
    writeFileSync(file, JSON.stringify({ version: '0.5', processes }));
    const socket = join(folder, 's');
    return {
      start: ['process-compose', 'up', '-f', file, '-t=false', '-u', socket],
      stop: 'SIGTERM',
      status: ['process-compose', 'list', '-u', socket],
      output: log,
    };
  },
  cli: () => ({ version: ['process-compose', 'version', '--short'], help: ['process-compose', '--help'] }),
};
