import type { CommandPort, CommandResult } from '@promptbin/core/views';
import { call } from './call.ts';
import { changedUris, changesList } from './changes.ts';
import { flaskName } from './flask-status.ts';
import { follow } from './follow.ts';
import { followOutput } from './follow-output.ts';
import type { Interest } from './interest.ts';
import { createNarrator, type LogMessage } from './messages.ts';
import type { Offer } from './offer.ts';
import { listResources } from './resources.ts';
import { createThrottle } from './throttle.ts';

const updatePeriodMs = 250;

export interface PushOptions {
  readonly port: CommandPort;
  readonly flaskProcess: string | undefined;
  /** Asked anew whenever the manager may have other commands. */
  readonly offer: Offer;
  readonly interest: Interest;
  /** Ends the pushing. */
  readonly signal: AbortSignal;
  /** A resource has changed; at most once per URI and 250 ms, logs 2 s, the last one is never lost. */
  updated(uri: string): void;
  /** Other resources are there than before; as often at most. */
  listChanged(): void;
  log(message: LogMessage): void;
}

/** Turns the events of a manager into what a client may want to hear. Whom to tell is for the caller to decide. */
export function push(options: PushOptions): void {
  const { port, flaskProcess, offer, interest, signal, updated, listChanged, log } = options;
  const throttle = createThrottle(updatePeriodMs, updated);
  const listThrottle = createThrottle(updatePeriodMs, listChanged);
  const narrate = createNarrator();
  let flask = flaskProcess;
  const stop = (): void => {
    throttle[Symbol.dispose]();
    listThrottle[Symbol.dispose]();
  };
  const readAgain = async (): Promise<void> => {
    await offer.refresh();
    const ask = (command: string): Promise<CommandResult> => call(port, command, {}, { caller: 'mcp' });
    const all = await listResources(await offer.resources(), ask);
    if (signal.aborted) return;
    listThrottle.mark('');
    for (const { uri } of all) throttle.mark(uri);
  };
  signal.addEventListener('abort', stop, { once: true });
  void followOutput({ port, signal, interest, updated });
  void follow({
    port,
    signal,
    onConnected(list, again) {
      flask = flaskName(list, flaskProcess);
      void (again ? readAgain() : offer.refresh());
    },
    onEvent(event) {
      for (const uri of changedUris(event, flask)) throttle.mark(uri);
      if (changesList(event)) listThrottle.mark('');
      if (event.type === 'config.reloaded') void offer.refresh();
      const message = narrate(event);
      if (message !== undefined) log(message);
    },
  });
}
