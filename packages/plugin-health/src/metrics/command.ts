import type { Command } from '@promptbin/core';
import * as z from 'zod';
import type { MetricRegistry } from './registry.ts';
import { type MetricsSummary, summarizeSamples } from './summary.ts';

export type MetricsGetResult =
  | (MetricsSummary & { readonly summary: string })
  | { readonly summary: string; readonly contentType: string; readonly text: string };

interface Input {
  format: 'json' | 'prometheus';
}

const input: z.ZodType<Input> = z.strictObject({
  format: z.enum(['json', 'prometheus']).default('json').describe('Short and by process, or the text for Prometheus.'),
});

/**
 * Not among the usual tools: agents get it by asking for more.
 *
 * @param current all metrics as they are now
 */
export function metricsCommand(current: () => Promise<MetricRegistry>): Command<z.ZodType<Input>, MetricsGetResult> {
  return {
    name: 'metrics.get',
    tool: 'get_metrics',
    toolset: 'metrics',
    summary:
      'Numbers of all processes and of the manager: restarts and exits by cause, start and probe times, resources.',
    effect: 'read',
    input,
    async run({ format }) {
      const registry = await current();
      const metrics = summarizeSamples(await registry.samples());
      const summary = summarize(metrics);
      if (format === 'json') return { summary, ...metrics };
      return { summary, contentType: registry.contentType, text: await registry.text() };
    },
  };
}

/** `2 of 3 processes up, 1 ready; 4 restarts; 0 plugin faults`. */
function summarize({ processes, pluginFaults }: MetricsSummary): string {
  const all = Object.values(processes);
  const restarts = sum(all.flatMap((one) => Object.values(one.restarts)));
  const faults = sum(Object.values(pluginFaults));
  const up = all.filter((one) => one.up).length;
  const ready = all.filter((one) => one.ready).length;
  return `${up} of ${all.length} processes up, ${ready} ready; ${restarts} ${restarts === 1 ? 'restart' : 'restarts'}; ${faults} plugin ${faults === 1 ? 'fault' : 'faults'}`;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
