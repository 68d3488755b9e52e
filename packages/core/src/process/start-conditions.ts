import type { ResolvedProcess } from '../contract/config.ts';
import type { Verdict } from '../contract/hooks.ts';
import type { CauseCode, ProcessView } from '../contract/process.ts';
import type { OutputStore } from '../output/store.ts';
import type { Incarnation } from './incarnation.ts';
import { PortCondition } from './port-condition.ts';
import { ReadinessBarrier } from './readiness.ts';
import type { SupervisorHost } from './supervisor-host.ts';

/** What the conditions are about. */
export interface Starting {
  readonly spec: ResolvedProcess;
  readonly view: ProcessView;
  readonly output: OutputStore;
}

export type StartVerdict =
  | { readonly ready: true }
  | { readonly ready: false; readonly why: string; readonly code: CauseCode };

/**
 * Waits until a service is ready: its log line, its open port, and what plugins add. Undefined when there is nothing to
 * wait for; a job is ready when it has completed, so there is nothing to wait for but its exit. Never rejects.
 *
 * @param stuck hears what is in the way of the start and does not go away by itself, long before the deadline
 */
export function awaitReadiness(
  { spec, view, output }: Starting,
  { probing, whereabouts, isAdopted }: Pick<Incarnation, 'probing' | 'whereabouts' | 'isAdopted'>,
  host: Pick<SupervisorHost, 'hooks' | 'network' | 'clock'>,
  stuck: (why: string) => void,
): Promise<StartVerdict> | undefined {
  if (spec.kind === 'job') return undefined;
  const barrier = new ReadinessBarrier();
  const { log, port: needsPort, timeoutMs } = spec.ready;
  // What says that it is ready may have been said to the manager before.
  if (log !== undefined && !isAdopted) barrier.waitFor('log', (aborted) => logLine(log, output, aborted));
  const port =
    needsPort && whereabouts !== undefined ? new PortCondition(spec.name, whereabouts, host, stuck) : undefined;
  if (port !== undefined) barrier.waitFor('port', (aborted) => port.run(aborted));
  host.hooks.readiness.call(view, barrier);
  if (barrier.empty) return undefined;
  return barrier
    .run(host.clock, timeoutMs, probing)
    .then((verdict) =>
      verdict.ready ? verdict : { ...verdict, code: port?.isTaken === true ? 'portInUse' : 'startTimeout' },
    );
}

async function logLine(pattern: string | RegExp, output: OutputStore, signal: AbortSignal): Promise<Verdict> {
  try {
    await output.waitFor(pattern, { signal });
    return { ready: true };
  } catch {
    return { ready: false, why: `no line matched ${pattern instanceof RegExp ? pattern : JSON.stringify(pattern)}` };
  }
}
