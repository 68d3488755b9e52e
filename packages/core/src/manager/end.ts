import type { Cause, ProcessView, StopReceipt } from '../contract/process.ts';
import type { ReapReport } from '../contract/runner.ts';
import { type Graph, rankProcesses } from '../process/graph.ts';
import { isAlive } from '../state/phases.ts';

export interface EndOptions {
  readonly graceMs?: number | undefined;
  /** Not when it has been started since it was dismissed. */
  readonly unlessWanted?: boolean;
}

/** What can be ended. */
export interface Ending {
  readonly name: string;
  readonly view: ProcessView;
  /**
   * Stops it, and no other; who survived is told by the receipt. Rejects only when it is removed or the manager has been
   * closed.
   */
  end(cause: Cause, options?: EndOptions): Promise<StopReceipt>;
}

/**
 * Ends processes in reverse order of dependency, parallel within a rank. Those that do not run, or are ending already, do not
 * wait for their rank: else they would start as soon as what they wait for is there.
 *
 * @param end without an answer it is as if it had not been there
 */
export async function endInOrder<T extends Pick<Ending, 'name' | 'view'>>(
  handles: readonly T[],
  graph: Graph,
  end: (handle: T) => Promise<StopReceipt | undefined>,
): Promise<readonly StopReceipt[]> {
  const endAll = async (some: readonly T[]): Promise<StopReceipt[]> =>
    (await Promise.all(some.map(end))).flatMap((receipt) => receipt ?? []);
  const alive = new Set(handles.filter(({ view }) => isAlive(view)));
  const endRanks = async (): Promise<StopReceipt[]> => {
    const receipts: StopReceipt[] = [];
    for (const rank of rankProcesses(graph).toReversed()) {
      receipts.push(...(await endAll([...alive].filter(({ name }) => rank.includes(name)))));
    }
    return receipts;
  };
  return (await Promise.all([endAll(handles.filter((handle) => !alive.has(handle))), endRanks()])).flat();
}

/** What came of several endings that were one to whoever asked for it. */
export function summed(reports: readonly ReapReport[]): Omit<ReapReport, 'tookMs'> {
  const all = (key: Exclude<keyof ReapReport, 'tookMs'>) => [...new Set(reports.flatMap((report) => report[key]))];
  return { signalled: all('signalled'), killed: all('killed'), escaped: all('escaped'), portsFreed: all('portsFreed') };
}
