import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import {
  type CounterName,
  counters,
  type GaugeName,
  gauges,
  type HistogramName,
  histograms,
  type Labels,
} from './definitions.ts';

/** One value as it is now; a histogram has several, their names ending in `_bucket`, `_sum` and `_count`. */
export interface Sample {
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
}

export interface GaugeValue {
  readonly name: GaugeName;
  readonly labels: Labels;
  readonly value: number;
}

/** All metrics of one manager. Nothing is shared with another one in the same Node process. */
export class MetricRegistry {
  readonly #registry = new Registry();
  readonly #counters = new Map<string, Counter>();
  readonly #gauges = new Map<string, Gauge>();
  readonly #histograms = new Map<string, Histogram>();
  /** Label sets of counters and histograms: the library takes one out only when it is told all of it. */
  readonly #used = new Map<string, { readonly metric: Counter | Histogram; readonly labels: Labels }>();

  constructor() {
    const registers = [this.#registry];
    for (const [name, { help, labels }] of Object.entries(counters)) {
      this.#counters.set(name, new Counter({ name, help, labelNames: labels, registers }));
    }
    for (const [name, { help, labels }] of Object.entries(gauges)) {
      this.#gauges.set(name, new Gauge({ name, help, labelNames: labels, registers }));
    }
    for (const [name, { help, labels, buckets }] of Object.entries(histograms)) {
      this.#histograms.set(name, new Histogram({ name, help, labelNames: labels, buckets: [...buckets], registers }));
    }
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  count(name: CounterName, labels: Labels): void {
    const metric = of(this.#counters, name);
    metric.inc(labels);
    this.#note(name, metric, labels);
  }

  observe(name: HistogramName, labels: Labels, seconds: number): void {
    const metric = of(this.#histograms, name);
    metric.observe(labels, seconds);
    this.#note(name, metric, labels);
  }

  /** Takes the place of all that gauges have told before. */
  setGauges(values: readonly GaugeValue[]): void {
    for (const gauge of this.#gauges.values()) gauge.reset();
    for (const { name, labels, value } of values) of(this.#gauges, name).set(labels, value);
  }

  /** What a process that is no longer configured has left. */
  forget(process: string): void {
    for (const [key, { metric, labels }] of this.#used) {
      if (labels.process !== process) continue;
      metric.remove(labels);
      this.#used.delete(key);
    }
  }

  /** In the text format of Prometheus. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  async samples(): Promise<readonly Sample[]> {
    const metrics = await this.#registry.getMetricsAsJSON();
    return metrics.flatMap(({ name, values }) =>
      values.map((value) => ({
        name: 'metricName' in value && typeof value.metricName === 'string' ? value.metricName : name,
        labels: Object.fromEntries(Object.entries(value.labels).map(([key, label]) => [key, String(label)])),
        value: value.value,
      })),
    );
  }

  #note(name: string, metric: Counter | Histogram, labels: Labels): void {
    this.#used.set(JSON.stringify([name, labels]), { metric, labels });
  }
}

function of<T>(metrics: ReadonlyMap<string, T>, name: string): T {
  const metric = metrics.get(name);
  if (metric === undefined) throw new Error(`there is no metric ${name}`);
  return metric;
}
