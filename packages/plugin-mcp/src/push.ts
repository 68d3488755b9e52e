import type { CommandPort } from '@promptbin/core/views';
import { changedUris, changesList } from './changes.ts';
import { flaskName } from './flask-status.ts';
import { follow } from './follow.ts';
import { createNarrator, type LogMessage } from './messages.ts';
import { createThrottle } from './throttle.ts';

const updatePeriodMs = 250;

export interface PushOptions {
  readonly port: CommandPort;
  readonly flaskProcess: string | undefined;
  /** Ends the pushing. */
  readonly signal: AbortSignal;
  /** A resource has changed; at most once per URI and 250 ms, the last one is never lost. */
  updated(uri: string): void;
  /** Other resources are there than before; as often at most. */
  listChanged(): void;
  /** The manager may have other commands; resolves when it has told. Never rejects. */
  commandsChanged(): Promise<void>;
  /** Every resource that there is. Never rejects. */
  uris(): Promise<readonly string[]>;
  log(message: LogMessage): void;
}

/** Turns the events of a manager into what a client may want to hear. Whom to tell is for the caller to decide. */
export function push(options: PushOptions): void {
  const { port, flaskProcess, signal, updated, listChanged, commandsChanged, uris, log } = options;
  const throttle = createThrottle(updatePeriodMs, updated);
  const listThrottle = createThrottle(updatePeriodMs, listChanged);
  const narrate = createNarrator();
  let flask = flaskProcess;
  const stop = (): void => {
    throttle[Symbol.dispose]();
    listThrottle[Symbol.dispose]();
  };
  const readAgain = async (): Promise<void> => {
    await commandsChanged();
    const all = await uris();
    if (signal.aborted) return;
    listThrottle.mark('');
    for (const uri of all) throttle.mark(uri);
  };
  signal.addEventListener('abort', stop, { once: true });
  void follow({
    port,
    signal,
    onConnected(list, again) {
      flask = flaskName(list, flaskProcess);
      void (again ? readAgain() : commandsChanged());
    },
    onEvent(event) {
      for (const uri of changedUris(event, flask)) throttle.mark(uri);
      if (changesList(event)) listThrottle.mark('');
      if (event.type === 'config.reloaded') void commandsChanged();
      const message = narrate(event);
      if (message !== undefined) log(message);
    },
  });
}
