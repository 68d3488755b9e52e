import type { CounterName, HistogramName, Labels } from './definitions.ts';
import type { MetricRegistry } from './registry.ts';

interface Entry {
  readonly labels: Labels;
  apply(registry: MetricRegistry): void;
}

/**
 * prom-client takes 34 ms to load: the boot of every manager, for numbers that mostly nobody asks for. So it is loaded when
 * somebody does; what comes before is kept as it is, and this many are reason enough as well.
 */
const patience = 1000;

/** Takes down what counts. */
export class Recorder {
  #entries: Entry[] = [];
  #registry: MetricRegistry | undefined;
  #loading: Promise<MetricRegistry> | undefined;

  count(name: CounterName, labels: Labels): void {
    this.#take({ labels, apply: (registry) => registry.count(name, labels) });
  }

  observe(name: HistogramName, labels: Labels, seconds: number): void {
    this.#take({ labels, apply: (registry) => registry.observe(name, labels, seconds) });
  }

  forget(process: string): void {
    this.#entries = this.#entries.filter(({ labels }) => labels.process !== process);
    this.#registry?.forget(process);
  }

  /** Everything that has been taken down is in it, and what is to come will be. */
  registry(): Promise<MetricRegistry> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  #take(entry: Entry): void {
    if (this.#registry !== undefined) {
      entry.apply(this.#registry);
      return;
    }
    this.#entries.push(entry);
    // One that cannot be loaded is told to whoever asks; here the oldest goes.
    if (this.#entries.length >= patience) void this.registry().catch(() => this.#entries.shift());
  }

  async #load(): Promise<MetricRegistry> {
    const { MetricRegistry } = await import('./registry.ts');
    const registry = new MetricRegistry();
    for (const entry of this.#entries) entry.apply(registry);
    this.#entries = [];
    this.#registry = registry;
    return registry;
  }
}
