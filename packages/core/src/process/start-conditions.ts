import type { Clock } from '../contract/clock.ts';
import type { ResolvedProcess } from '../contract/config.ts';
import type { Verdict } from '../contract/hooks.ts';
import type { ProcessView } from '../contract/process.ts';
import type { Listener, NetworkService } from '../contract/services.ts';
import type { OutputStore } from '../output/store.ts';
import { ReadinessBarrier } from './readiness.ts';
import type { SupervisorHost } from './supervisor-host.ts';

/** From one look at the port to the next, ms: quick at first, since most apps listen within a second. */
const lookMs = { first: 25, most: 250 };

/** What the conditions are about. */
export interface Starting {
  readonly spec: ResolvedProcess;
  readonly view: ProcessView;
  readonly output: OutputStore;
}

/**
 * Waits until a service is ready: its log line, its open port, and what plugins add. Undefined when there is nothing to
 * wait for; a job is ready when it has completed, so there is nothing to wait for but its exit. Never rejects.
 */
export function awaitReadiness(
  { spec, view, output }: Starting,
  signal: AbortSignal,
  { hooks, network, clock }: Pick<SupervisorHost, 'hooks' | 'network' | 'clock'>,
): Promise<Verdict> | undefined {
  if (spec.kind === 'job') return undefined;
  const barrier = new ReadinessBarrier();
  const { log, port: needsPort, timeoutMs } = spec.ready;
  const { port } = view;
  if (log !== undefined) barrier.waitFor('log', (aborted) => logLine(log, output, aborted));
  if (needsPort && port !== undefined) {
    barrier.waitFor('port', (aborted) => openPort(spec.name, port, network, clock, aborted));
  }
  hooks.readiness.call(view, barrier);
  return barrier.empty ? undefined : barrier.run(clock, timeoutMs, signal);
}

async function logLine(pattern: string | RegExp, output: OutputStore, signal: AbortSignal): Promise<Verdict> {
  try {
    await output.waitFor(pattern, signal);
    return { ready: true };
  } catch {
    return { ready: false, why: `no line matched ${pattern instanceof RegExp ? pattern : JSON.stringify(pattern)}` };
  }
}

async function openPort(
  name: string,
  port: number,
  network: NetworkService,
  clock: Clock,
  signal: AbortSignal,
): Promise<Verdict> {
  let why = `nobody listens on port ${port}`;
  for (let waitMs = lookMs.first; !signal.aborted; waitMs = Math.min(waitMs * 1.5, lookMs.most)) {
    const listener = await network.listener(name, port);
    if (listener.kind === 'ours' || listener.kind === 'unknown') return { ready: true };
    why = describe(listener, port);
    await clock.sleep(waitMs, signal).catch(() => undefined);
  }
  return { ready: false, why };
}

function describe(listener: Listener, port: number): string {
  if (listener.kind !== 'stranger') return `nobody listens on port ${port}`;
  const who = listener.pid === undefined ? 'another program' : `pid ${listener.pid} (${listener.command ?? 'unknown'})`;
  return `port ${port} is answered by ${who}, not by this process`;
}
