import { join } from 'node:path';
import type { Contender } from '../contender.ts';
import { writeServices } from './service-folders.ts';
import { packagedVersion } from './versions.ts';

export const runit: Contender = {
  name: 'runit',
  role: 'system',
  find: async () => packagedVersion('runit', 'runsvdir'),
  plan(job, folder) {
    // Its logger rotates by itself and has a format of its own.
    if (job.output !== undefined || job.watch !== undefined) return undefined;
    const services = join(folder, 'services');
    const all = writeServices(job, services, 'exec sv down .');
    const seconds = Math.max(1, Math.round(job.graceMs / 1000));
    return {
      start: ['runsvdir', services],
      stop: job.graceMs > 1000 ? 'SIGHUP' : ['sv', '-w', String(seconds), 'force-shutdown', ...all],
      status: ['sv', 'status', ...all],
    };
  },
};
