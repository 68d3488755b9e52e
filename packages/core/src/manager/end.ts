import type { StopReceipt } from '../contract/process.ts';
import { type Graph, rankProcesses } from '../process/graph.ts';
import { isAlive } from '../state/view.ts';
import type { ProcessHandle } from './handle.ts';

/**
 * Ends processes in reverse order of dependency, parallel within a rank. Those that do not run, or are ending already, do not
 * wait for their rank: else they would start as soon as what they wait for is there.
 *
 * @param end without an answer it is as if it had not been there
 */
export async function endInOrder(
  handles: readonly ProcessHandle[],
  graph: Graph,
  end: (handle: ProcessHandle) => Promise<StopReceipt | undefined>,
): Promise<readonly StopReceipt[]> {
  const endAll = async (some: readonly ProcessHandle[]): Promise<StopReceipt[]> =>
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
