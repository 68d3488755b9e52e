import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { counters, gauges, histograms } from '../../src/metrics/definitions.ts';
import { MetricRegistry } from '../../src/metrics/registry.ts';

interface Row {
  readonly type: string;
  readonly labels: readonly string[];
}

/** The rows of the tables of `docs/metrics.md` that begin with a metric. */
async function documented(): Promise<Readonly<Record<string, Row>>> {
  const text = await readFile(new URL('../../../../docs/metrics.md', import.meta.url), 'utf8');
  const rows = [...text.matchAll(/^\| `(promptbin_\w+)` *\| (\w+) *\| ([^|]*)\|/gm)];
  return Object.fromEntries(
    rows.map(([, name = '', type = '', labels = '']) => [
      name,
      { type, labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label) },
    ]),
  );
}

it('docs/metrics.md tells every metric of the registry, with its type and its labels, and no other one', async () => {
  const defined = Object.entries({ gauge: gauges, counter: counters, histogram: histograms }).flatMap(([type, all]) =>
    Object.entries(all).map(([name, { labels }]) => [name, { type, labels }] as const),
  );
  expect(await documented()).toEqual(Object.fromEntries(defined));
  const text = await new MetricRegistry().text();
  const registered = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name, type]) => `${name} ${type}`);
  expect(registered.toSorted()).toEqual(defined.map(([name, { type }]) => `${name} ${type}`).toSorted());
});
