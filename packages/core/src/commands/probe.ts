import type { ProcessView } from '../contract/process.ts';
import type { ProbeResult, ProbeService } from '../contract/services.ts';

/** What the health checks of a process find now, and the same in words. */
export interface Probing {
  readonly probes: readonly ProbeResult[];
  readonly text: string;
}

/** @throws the reason of the signal */
export async function probeNow(
  { name, phase }: ProcessView,
  service: ProbeService | undefined,
  signal: AbortSignal,
): Promise<Probing> {
  if (service === undefined) return { probes: [], text: 'not probed: no plugin checks processes' };
  if (phase !== 'running') return { probes: [], text: 'not probed, for it is not running' };
  const probes = await service.check(name, signal);
  return { probes, text: probes.length === 0 ? 'it has no checks that can be asked' : probes.map(describe).join('; ') };
}

/** `readiness and liveness by http: ok (3 ms)`. */
function describe({ kinds, by, ok, message, tookMs }: ProbeResult): string {
  return `${kinds.join(' and ')} by ${by}: ${ok ? 'ok' : (message ?? 'not ok')} (${tookMs} ms)`;
}
