import type { StopReceipt } from '../contract/process.ts';
import { type Graph, rankProcesses } from '../process/graph.ts';
import type { ProcessHandle } from './handle.ts';

/**
 * Ends processes in reverse order of dependency, parallel within a rank. Those that only wait come first: else they would
 * start as soon as what they wait for is there.
 *
 * @param graceMs asked anew for each: a second request may have no patience
 */
export async function endInOrder(
  handles: readonly ProcessHandle[],
  graph: Graph,
  why: string,
  graceMs: () => number | undefined,
): Promise<readonly StopReceipt[]> {
  const endAll = (some: readonly ProcessHandle[]): Promise<StopReceipt[]> =>
    Promise.all(some.map((handle) => handle.end(why, graceMs())));
  const idle = handles.filter(({ view }) => view.phase === 'waiting' || view.phase === 'backoff');
  const receipts = await endAll(idle);
  for (const rank of rankProcesses(graph).toReversed()) {
    receipts.push(...(await endAll(handles.filter(({ name }) => rank.includes(name)))));
  }
  return receipts;
}
