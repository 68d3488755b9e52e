import type { Command } from '../contract/commands.ts';
import type { ProbeService } from '../contract/services.ts';
import { processOf } from '../state/describe.ts';
import { bind } from './bind.ts';
import { type EventsHost, listEvents } from './events.ts';
import { readLogs } from './logs.ts';
import { eventsSpec, logsSpec, waitSpec } from './reading-specs.ts';
import { waitForProcess } from './wait.ts';
import type { Writing } from './wait-line.ts';

export interface ReadingHost extends EventsHost {
  /** @throws PromptbinError `PB_PROCESS_UNKNOWN` */
  find(name: string): Writing;
  /** Undefined when no plugin checks processes. */
  probes(): ProbeService | undefined;
}

/** The commands that look at what goes on, and wait for it. */
export function readingCommands(host: ReadingHost): readonly Command[] {
  const { bus, clock, find, probes } = host;
  return [
    bind(logsSpec, (input, { signal }) => {
      const process = find(input.name);
      return readLogs(process, input, probes()?.requests(process.name) ?? [], signal);
    }),
    bind(waitSpec, (input, call) => waitForProcess(find(input.name), input, call, clock)),
    bind(eventsSpec, (input, call) => {
      // What was removed is known by its events alone, and what an earlier manager had by what is on disk.
      const isOld = input.cursor !== undefined && input.cursor < bus.log.start;
      const isKnown = isOld || bus.log.since(0).events.some((event) => processOf(event) === input.name);
      if (input.name !== undefined && !isKnown) find(input.name);
      return listEvents(host, input, call);
    }),
  ];
}
