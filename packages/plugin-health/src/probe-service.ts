import type { Clock, ProbeResult, ProbeService, ProcessView } from '@promptbin/core';
import { Checker } from './checker.ts';
import type { HealthPlan, RunningCheck } from './plan.ts';
import type { Probes } from './probes/create.ts';

export interface ProbeServiceHost {
  readonly clock: Clock;
  planOf(name: string): HealthPlan | undefined;
  process(name: string): ProcessView | undefined;
}

/** Tells others what processes are asked, and asks for them. */
export function createProbeService({ clock, planOf, process }: ProbeServiceHost, probes: Probes): ProbeService {
  return {
    requests(name) {
      const { gates = [], checks = [] } = planOf(name) ?? {};
      return [...gates, ...checks].flatMap(({ means }) =>
        means.kind === 'http' ? [{ method: means.method, path: means.path }] : [],
      );
    },
    async check(name, signal) {
      const view = process(name);
      if (view?.phase !== 'running') return [];
      const results = (planOf(name)?.checks ?? []).map((check) => ask(check, view));
      return (await Promise.all(results)).filter((result) => result !== undefined);

      async function ask(check: RunningCheck, running: ProcessView): Promise<ProbeResult | undefined> {
        const { kinds, means } = check;
        // Of those that speak by themselves the status says what is known: they cannot be asked.
        if (means.kind !== 'http' && means.kind !== 'tcp' && means.kind !== 'exec') return undefined;
        const probe = probes.create({ kind: kinds[0], means }, running);
        if (probe === undefined) return undefined;
        const began = clock.now();
        using checker = new Checker(probe, check, clock, () => undefined);
        const failure = await checker.run(signal);
        const facts = { kinds, by: means.kind, tookMs: Math.round(clock.now() - began) };
        return failure === undefined ? { ...facts, ok: true } : { ...facts, ok: false, message: failure.message };
      }
    },
  };
}
