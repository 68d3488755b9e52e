import { execFileSync } from 'node:child_process';
import { mkdirSync, rmdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const repository = join(import.meta.dirname, '..', '..');
const node = (...path: string[]): string[] => [process.execPath, join(repository, ...path)];

const upkeep = {
  // One that hangs is ended.
  health: { liveness: { http: '/', period: '500ms', timeout: '2s', failureThreshold: 2 } },
  restart: { maxRestarts: 100_000, backoff: { initial: '50ms', factor: 1, jitter: 'none' } },
  stop: { grace: '1s' },
};
const daemons = 'setsid sleep 301 & (setsid sh -c "nohup sleep 302 >/dev/null 2>&1 &"); echo ready; exec sleep 300';

const config = {
  plugins: ['@promptbin/plugin-health', '@promptbin/plugin-restart'],
  processes: {
    web: {
      command: node('packages/core/test/fixtures/take-over.mjs'),
      port: { handoff: true },
      ready: { log: 'took over' },
      ...upkeep,
    },
    api: { command: node('packages/cli/test/fixtures/ticks.mjs'), port: 'auto', ...upkeep },
    kept: {
      command: node('packages/cli/test/fixtures/ticks.mjs'),
      port: 'auto',
      onManagerDeath: 'keep',
      logs: { mode: 'direct', maxSize: '1mb', maxFiles: 1 },
      ...upkeep,
    },
    noisy: { command: node('e2e/chaos/noisy.mjs'), port: 'auto', logs: { maxSize: '1mb', maxFiles: 1 }, ...upkeep },
    daemon: { command: ['sh', '-c', daemons], ready: { log: 'ready' }, restart: upkeep.restart, stop: upkeep.stop },
  },
};

/** With all that is on the disk. */
export function removeWorld(folder: string): void {
  execFileSync('umount', ['-l', folder]);
  rmdirSync(folder);
}

/** A project on a small disk of its own, which is there for this process and its children alone: to be called in a mount namespace. */
export function makeWorld(folder: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', folder]);
  symlinkSync(join(repository, 'examples', 'quickstart', 'node_modules'), join(folder, 'node_modules'));
  mkdirSync(join(folder, 'ballast'));
  writeFileSync(join(folder, 'promptbin.config.json'), JSON.stringify(config));
}
