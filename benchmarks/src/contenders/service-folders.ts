import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Job } from '../contender.ts';
import { shellLine } from './versions.ts';

/** A folder for each service with an executable `run`, as the heirs of daemontools want it. Returns the folders. */
export function writeServices({ command, count, restart }: Job, folder: string, down: string): readonly string[] {
  return Array.from({ length: count }, (_, index) => {
    const service = join(folder, `p${index}`);
    mkdirSync(service, { recursive: true });
    const write = (name: string, text: string): void => {
      writeFileSync(join(service, name), `#!/bin/sh\n${text}\n`);
      chmodSync(join(service, name), 0o755);
    };
    write('run', `exec ${shellLine(command)}`);
    if (!restart) write('finish', down);
    return service;
  });
}
