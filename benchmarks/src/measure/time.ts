import { type SpawnSyncOptions, spawnSync } from 'node:child_process';
import type { Command } from '../contender.ts';

/** How long a command takes, ms. Throws when it fails. */
export function timeOf([file, ...args]: Command, options: Pick<SpawnSyncOptions, 'cwd' | 'env'> = {}): number {
  const began = performance.now();
  const { status, error, stderr } = spawnSync(file, args, { ...options, encoding: 'utf8' });
  const time = performance.now() - began;
  if (error !== undefined || status !== 0) throw new Error(`${[file, ...args].join(' ')}: ${error ?? stderr}`);
  return time;
}
