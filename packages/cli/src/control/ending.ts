import { inspect } from 'node:util';
import type { CloseReport, Manager } from '@promptbin/core';
import type { Screen } from '../render/screen.ts';
import { noClientsReason } from './ephemeral.ts';
import type { Signals } from './signals.ts';

export interface EndingOptions {
  readonly signals: Signals;
  /** Resolves when the last client of an ephemeral manager has gone. */
  readonly deserted: Promise<void>;
  readonly err: Screen;
}

export interface Ending {
  readonly report: CloseReport;
  /** Something of promptbin or of a plugin threw where nobody caught it. */
  readonly crashed: boolean;
}

/** After the second signal all is over within 2 s: what is left then is the guardian's. */
const forcedMs = 1500;

/** Resolves when the manager has closed: by a signal, by `manager.stop`, without clients, or after a fault nobody caught. */
export async function closeWhenAsked(manager: Manager, { signals, deserted, err }: EndingOptions): Promise<Ending> {
  let crashed = false;
  const crash = (fault: unknown): void => {
    crashed = true;
    err.line(`promptbin: ${inspect(fault)}`);
    void manager.close('a fault that nobody caught');
  };
  process.on('uncaughtException', crash);
  const closing = Promise.withResolvers<void>();
  using _listener = manager.on('manager.closing', () => closing.resolve());
  void signals.first.then((signal) => manager.close(signal));
  void signals.second.then(() => {
    void manager.close('a second signal', { force: true });
    setTimeout(() => process.exit(1), forcedMs);
  });
  void deserted.then(() => manager.close(noClientsReason));
  await closing.promise;
  const report = await manager.close();
  process.off('uncaughtException', crash);
  return { report, crashed };
}
