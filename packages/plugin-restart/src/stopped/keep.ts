import { join } from 'node:path';
import { type Context, policyOf } from '../context.ts';
import type { ParsedFields } from '../settings.ts';
import { StoppedMemory } from './memory.ts';

/** Remembers who is stopped on request, for the policy `unless-stopped`. */
export function keepStopped(ctx: Context): StoppedMemory {
  const memory = new StoppedMemory({
    file: join(ctx.root, '.promptbin', 'stopped.json'),
    process: (name) => ctx.process(name),
    processes: () => ctx.processes(),
    isKept: (process) => {
      const own =
        'fields' in process ? (process.fields[ctx.name] as ParsedFields | undefined) : ctx.fields(process.name);
      return policyOf(ctx, process, own).when === 'unless-stopped';
    },
    fault: (message) => ctx.emit('restart.memoryFault', { message }),
    leftDown(name) {
      const message = `${name} stays stopped, as it was on request before (unless-stopped)`;
      ctx.emit('restart.leftDown', { name, message });
    },
  });
  ctx.hooks.configure.tapPromise('unless-stopped', (config) => memory.configure(config));
  ctx.hooks.event.tap('unless-stopped', (event) => memory.hear(event));
  ctx.onDispose(() => memory.settled());
  return memory;
}
