import type { PluginConfig, PluginReport } from '@promptbin/core';
import { askedOf, type HealthPlan } from './plan.ts';
import { asksOwnPort } from './probes/means.ts';

/** Reports each process without a port that is to be asked at its port. */
export function checkPorts({ processes }: PluginConfig<unknown, HealthPlan>, report: PluginReport): void {
  for (const { settings, fields } of processes) {
    const asks = askedOf(fields).some(({ means }) => asksOwnPort(means));
    if (!asks || settings.port !== undefined) continue;
    const hint = 'Give a "port" to the process, or to "health".';
    report.field(settings.name, { problem: 'asks at the port of the process, and it has none', hint });
  }
}
