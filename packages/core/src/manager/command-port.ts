import { CommandRegistry } from '../commands/registry.ts';
import type { CommandPort } from '../contract/commands.ts';
import type { Bus } from '../kernel/bus.ts';
import type { Core } from './kernel.ts';
import { followEvents } from './subscribe.ts';

export interface CommandPortParts {
  readonly registry: CommandRegistry;
  readonly bus: Bus;
  /** Ends what follows the events. */
  readonly closed: AbortSignal;
}

/** What a manager may be asked: for programs, which have the whole of it, and for plugins. */
export function createCommandPort({ registry, bus, closed }: CommandPortParts): CommandPort {
  return {
    commands: async () => registry.list(),
    call: (name, input, call) => registry.call(name, input, call),
    subscribe: (options = {}) => followEvents(bus, options, closed),
  };
}

/**
 * @param closing once aborted, only what reads and the stop of the manager are taken
 */
export function createRegistry({ clock, redactor, post, bus }: Core, closing: AbortSignal): CommandRegistry {
  return new CommandRegistry({
    closing,
    redactor,
    now: () => clock.now(),
    audit: (call) => post(() => bus.append('command.called', call)),
  });
}
