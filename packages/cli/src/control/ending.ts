import { inspect } from 'node:util';
import type { CloseReport, Manager, ManagerEvent } from '@promptbin/core';
import type { Screen } from '../render/screen.ts';
import { noClientsReason } from './ephemeral.ts';
import type { Signals } from './signals.ts';

export interface EndingOptions {
  /** From `closingOf`. */
  readonly closing: Promise<Closing>;
  readonly signals: Signals;
  /** Resolves when the last client of an ephemeral manager has gone. */
  readonly deserted: Promise<void>;
  readonly err: Screen;
}

/** Why a manager closes. */
export type Closing = ManagerEvent<'manager.closing'>['data'];

export interface Ending {
  readonly report: CloseReport;
  readonly closing: Closing;
  /** Something of promptbin or of a plugin threw where nobody caught it. */
  readonly crashed: boolean;
}

/** After the second signal all is over within 2 s: what is left then is the guardian's. */
const forcedMs = 1500;

/** To be called before anything is started: what is essential may fail at once. */
export function closingOf(manager: Manager): Promise<Closing> {
  return new Promise((resolve) => void manager.on('manager.closing', ({ data }) => resolve(data)));
}

/**
 * Resolves when the manager has closed: by a signal, by `manager.stop`, without clients, because something essential has
 * failed, or after a fault nobody caught.
 */
export async function closeWhenAsked(
  manager: Manager,
  { closing, signals, deserted, err }: EndingOptions,
): Promise<Ending> {
  let crashed = false;
  const crash = (fault: unknown): void => {
    crashed = true;
    err.line(`promptbin: ${inspect(fault)}`);
    void manager.close('a fault that nobody caught');
  };
  process.on('uncaughtException', crash);
  void signals.first.then((signal) => manager.close(signal));
  void signals.second.then(() => {
    void manager.close('a second signal', { force: true });
    setTimeout(() => process.exit(1), forcedMs);
  });
  void deserted.then(() => manager.close(noClientsReason));
  const why = await closing;
  const report = await manager.close();
  process.off('uncaughtException', crash);
  return { report, closing: why, crashed };
}
