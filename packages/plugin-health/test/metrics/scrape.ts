import type { Manager } from '@promptbin/core';
import type { MetricsSummary } from '../../src/metrics/summary.ts';

const caller = { caller: 'test' };

export async function metricsOf(manager: Manager): Promise<MetricsSummary & { readonly summary: string }> {
  const answer = await manager.call('metrics.get', {}, caller);
  if (!answer.ok) throw new Error(answer.error.message);
  return answer.value as MetricsSummary & { readonly summary: string };
}

/** The lines of the text for Prometheus that begin with `prefix`, comments left out. */
export async function linesOf(manager: Manager, prefix = ''): Promise<readonly string[]> {
  const answer = await manager.call('metrics.get', { format: 'prometheus' }, caller);
  if (!answer.ok) throw new Error(answer.error.message);
  const { text } = answer.value as { readonly text: string };
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#') && line.startsWith(prefix));
}
