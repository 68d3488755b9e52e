import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Contender, Machine } from '../contender.ts';
import { packageFile, packageVersion } from './versions.ts';

const command = (machine: Machine): [string, string] => [process.execPath, packageFile(machine, 'pm2', 'bin', 'pm2')];

export const pm2: Contender = {
  name: 'pm2',
  role: 'npm',
  find: async (machine) => packageVersion(machine, 'pm2'),
  plan(job, folder, machine) {
    if (job.output === 'direct') return undefined;
    const [script, ...args] = job.command;
    const home = join(folder, 'pm2');
    const log = join(folder, 'output.log');
    const apps = Array.from({ length: job.count }, (_, index) => ({
      name: `p${index}`,
      script,
      args,
      interpreter: 'none',
      autorestart: job.restart,
      // Else it gives up after 16 runs that were short.
      min_uptime: 0,
      max_restarts: 1_000_000,
      kill_timeout: job.graceMs,
      ...(job.output && { out_file: log }),
      ...(job.watch !== undefined && { watch: [job.watch] }),
    }));
    const file = join(folder, 'ecosystem.config.json');
    writeFileSync(file, JSON.stringify({ apps }));
    const own = command(machine);
    return {
      start: [...own, 'start', file],
      env: { PM2_HOME: home },
      stop: [...own, 'kill'],
      status: [...own, 'list'],
      pidFile: join(home, 'pm2.pid'),
      output: log,
    };
  },
  cli: (machine) => ({ version: [...command(machine), '--version'], help: [...command(machine), '--help'] }),
};
