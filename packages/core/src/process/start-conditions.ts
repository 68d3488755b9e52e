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

/** What must hold before a service counts as ready: its log line, its open port, and what plugins add. */
export function collectReadiness(
  spec: ResolvedProcess,
  view: ProcessView,
  output: OutputStore,
  { hooks, network, clock }: Pick<SupervisorHost, 'hooks' | 'network' | 'clock'>,
): ReadinessBarrier {
  const barrier = new ReadinessBarrier();
  const { log, port: needsPort } = spec.ready;
  const { port } = view;
  if (log !== undefined) barrier.waitFor('log', (signal) => logLine(log, output, signal));
  if (needsPort && port !== undefined) {
    barrier.waitFor('port', (signal) => openPort(spec.name, port, network, clock, signal));
  }
  hooks.readiness.call(view, barrier);
  return barrier;
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
