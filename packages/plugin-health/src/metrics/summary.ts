import type { GaugeName, MetricName } from './definitions.ts';
import type { Sample } from './registry.ts';

/** How long something took. */
export interface Timing {
  readonly count: number;
  readonly meanSec: number;
}

/** What metrics say about one process; what is not known is left out. Counts are by cause. */
export interface ProcessMetrics {
  readonly up: boolean;
  readonly ready: boolean;
  readonly healthy?: boolean;
  readonly uptimeSec?: number;
  /** Of one core. */
  readonly cpuPercent?: number;
  readonly memoryBytes?: number;
  readonly processes?: number;
  readonly threads?: number;
  readonly descriptors?: number;
  readonly restarts: Readonly<Record<string, number>>;
  readonly exits: Readonly<Record<string, number>>;
  /** From the spawn to ready. */
  readonly starts?: Timing;
  readonly probes: readonly (Timing & { readonly probe: string; readonly means: string; readonly outcome: string })[];
}

export interface MetricsSummary {
  readonly manager: {
    readonly uptimeSec: number;
    readonly memoryBytes: number;
    /** By quantile; absent at the first look. */
    readonly eventLoopDelaySec?: Readonly<Record<string, number>>;
  };
  readonly processes: Readonly<Record<string, ProcessMetrics>>;
  readonly pluginFaults: Readonly<Record<string, number>>;
}

/** The same numbers, short and by process. Pure. */
export function summarizeSamples(samples: readonly Sample[]): MetricsSummary {
  const all = (name: MetricName | `${MetricName}_${'sum' | 'count'}`): readonly Sample[] =>
    samples.filter((sample) => sample.name === name);
  const manager = (name: GaugeName): number => all(name)[0]?.value ?? 0;
  const delays = by('quantile', all('promptbin_manager_event_loop_delay_seconds'));
  const names = all('promptbin_process_up').flatMap(({ labels }) => labels.process ?? []);
  return {
    manager: {
      uptimeSec: rounded(manager('promptbin_manager_uptime_seconds')),
      memoryBytes: manager('promptbin_manager_memory_bytes'),
      ...(Object.keys(delays).length === 0 ? {} : { eventLoopDelaySec: delays }),
    },
    processes: Object.fromEntries(
      names.map((name) => [name, summarizeProcess(samples.filter(({ labels }) => labels.process === name))]),
    ),
    pluginFaults: by('plugin', all('promptbin_plugin_faults_total')),
  };
}

function summarizeProcess(samples: readonly Sample[]): ProcessMetrics {
  const all = (name: string): readonly Sample[] => samples.filter((sample) => sample.name === name);
  const gauge = (name: GaugeName): number | undefined => all(name)[0]?.value;
  const healthy = gauge('promptbin_process_healthy');
  const cpu = gauge('promptbin_process_cpu_ratio');
  const known = {
    healthy: healthy === undefined ? undefined : healthy === 1,
    uptimeSec: gauge('promptbin_process_uptime_seconds'),
    cpuPercent: cpu === undefined ? undefined : rounded(cpu * 100),
    memoryBytes: gauge('promptbin_process_memory_bytes'),
    processes: gauge('promptbin_process_tree_size'),
    threads: gauge('promptbin_process_threads'),
    descriptors: gauge('promptbin_process_open_fds'),
    starts: timings(all, 'promptbin_process_start_duration_seconds')[0]?.timing,
  };
  return {
    up: gauge('promptbin_process_up') === 1,
    ready: gauge('promptbin_process_ready') === 1,
    ...(Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)) as {
      [K in keyof typeof known]?: NonNullable<(typeof known)[K]>;
    }),
    restarts: by('cause', all('promptbin_process_restarts_total')),
    exits: by('cause', all('promptbin_process_exits_total')),
    probes: timings(all, 'promptbin_probe_duration_seconds').map(({ labels, timing }) => {
      const { probe = '', means = '', outcome = '' } = labels;
      return { probe, means, outcome, ...timing };
    }),
  };
}

function timings(all: (name: string) => readonly Sample[], name: MetricName) {
  const sums = new Map(all(`${name}_sum`).map(({ labels, value }) => [JSON.stringify(labels), value]));
  return all(`${name}_count`).map(({ labels, value: count }) => {
    const sum = sums.get(JSON.stringify(labels)) ?? 0;
    return { labels, timing: { count, meanSec: count === 0 ? 0 : rounded(sum / count) } };
  });
}

function by(label: string, samples: readonly Sample[]): Readonly<Record<string, number>> {
  return Object.fromEntries(samples.map(({ labels, value }) => [labels[label] ?? '', value]));
}

const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;
