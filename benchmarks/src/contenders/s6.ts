import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Contender } from '../contender.ts';
import { writeServices } from './service-folders.ts';
import { packagedVersion } from './versions.ts';

export const s6: Contender = {
  name: 's6',
  role: 'system',
  find: async () => packagedVersion('s6', 's6-svscan', '-h'),
  plan(job, folder) {
    // As with runit.
    if (job.output !== undefined || job.watch !== undefined) return undefined;
    const services = join(folder, 'services');
    const all = writeServices(job, services, 'exit 125');
    for (const service of all) writeFileSync(join(service, 'timeout-kill'), String(job.graceMs));
    return {
      start: ['s6-svscan', '-c', String(2 * job.count + 10), services],
      stop: 'SIGTERM',
    };
  },
};
