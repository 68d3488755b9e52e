import type { CommandRegistry } from '../commands/registry.ts';
import type { CommandPort } from '../contract/commands.ts';
import type { Bus } from '../kernel/bus.ts';
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
