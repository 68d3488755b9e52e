import type { CommandPort } from '@promptbin/core/views';
import { follow } from './follow.ts';
import { createNarrator, type LogMessage } from './messages.ts';
import { changedUris, flaskName, flaskStatusUri, processesUri, processUri } from './resources.ts';
import { createThrottle } from './throttle.ts';

const updatePeriodMs = 250;

export interface PushOptions {
  readonly port: CommandPort;
  readonly flaskProcess: string | undefined;
  /** Ends the pushing. */
  readonly signal: AbortSignal;
  /** A resource has changed; at most once per URI and 250 ms, the last one is never lost. */
  updated(uri: string): void;
  log(message: LogMessage): void;
}

/** Turns the events of a manager into what a client may want to hear. Whom to tell is for the caller to decide. */
export function push({ port, flaskProcess, signal, updated, log }: PushOptions): void {
  const throttle = createThrottle(updatePeriodMs, updated);
  signal.addEventListener('abort', () => throttle[Symbol.dispose](), { once: true });
  const narrate = createNarrator();
  let flask = flaskProcess;
  void follow({
    port,
    signal,
    onConnected(list, again) {
      flask = flaskName(list, flaskProcess);
      if (!again) return;
      const uris = list.processes.map(({ name }) => processUri(name));
      for (const uri of [processesUri, flaskStatusUri, ...uris]) throttle.mark(uri);
    },
    onEvent(event) {
      for (const uri of changedUris(event, flask)) throttle.mark(uri);
      const message = narrate(event);
      if (message !== undefined) log(message);
    },
  });
}
