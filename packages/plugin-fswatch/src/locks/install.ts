import { relative } from 'node:path';
import type { PluginContext } from '@promptbin/core';
import { breakCommand, listCommand } from './commands.ts';
import { describeMarker } from './faults.ts';
import { Locks } from './service.ts';

/** Offers the service `locks` and its commands. Locks are released with the plugin. */
export function installLocks(ctx: PluginContext<unknown, unknown, never>): void {
  const locks = new Locks(ctx.root, ctx.clock, {
    broken(file, marker) {
      const path = relative(ctx.root, file);
      const message = `the lock of ${path} was left behind by ${describeMarker(marker)}, and has been broken`;
      ctx.emit('lock.broken', { path, marker, message });
    },
    lost(file) {
      const path = relative(ctx.root, file);
      ctx.emit('lock.lost', { path, message: `the lock of ${path} was taken away while it was held` });
    },
  });
  ctx.provide('locks', locks);
  ctx.command(listCommand(locks));
  ctx.command(breakCommand(locks));
  ctx.onDispose(() => locks.close());
}
