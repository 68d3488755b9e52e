interface Definition {
  readonly help: string;
  readonly labels: readonly string[];
}

interface HistogramDefinition extends Definition {
  /** Upper bounds, seconds. */
  readonly buckets: readonly number[];
}

export type GaugeName =
  | `promptbin_process_${'up' | 'ready' | 'healthy' | 'uptime_seconds' | 'cpu_ratio' | 'memory_bytes'}`
  | `promptbin_process_${'tree_size' | 'threads' | 'open_fds'}`
  | `promptbin_manager_${'uptime_seconds' | 'memory_bytes' | 'event_loop_delay_seconds'}`;
export type CounterName = `promptbin_process_${'restarts' | 'exits'}_total` | 'promptbin_plugin_faults_total';
export type HistogramName = 'promptbin_process_start_duration_seconds' | 'promptbin_probe_duration_seconds';
export type MetricName = GaugeName | CounterName | HistogramName;

export type Labels = Readonly<Record<string, string>>;

const labels = ['process'];

// Base units, and names as Prometheus wants them. `docs/metrics.md` tells the same.

/** What holds now. */
export const gauges: Readonly<Record<GaugeName, Definition>> = {
  promptbin_process_up: { help: 'Whether the process has been spawned and has not exited.', labels },
  promptbin_process_ready: { help: 'Whether the process is ready; a job: whether it has completed.', labels },
  promptbin_process_healthy: { help: 'Whether the process is healthy. Absent while nothing checks it.', labels },
  promptbin_process_uptime_seconds: { help: 'Time since the present incarnation was spawned.', labels },
  promptbin_process_cpu_ratio: { help: 'CPU of the process tree at the last reading, 1 being one core.', labels },
  promptbin_process_memory_bytes: { help: 'Resident memory of the process tree at the last reading.', labels },
  promptbin_process_tree_size: { help: 'Processes in the process tree at the last reading.', labels },
  promptbin_process_threads: { help: 'Threads of the process tree at the last reading. Linux only.', labels },
  promptbin_process_open_fds: { help: 'Open descriptors of the process tree at the last reading. Linux only.', labels },
  promptbin_manager_uptime_seconds: { help: 'Time since the manager was started.', labels: [] },
  promptbin_manager_memory_bytes: { help: 'Resident memory of the process that the manager runs in.', labels: [] },
  promptbin_manager_event_loop_delay_seconds: {
    help: 'Delay of the event loop since the last look; quantile 1 is the maximum. Absent at the first look.',
    labels: ['quantile'],
  },
};

/** What has happened so far. */
export const counters: Readonly<Record<CounterName, Definition>> = {
  promptbin_process_restarts_total: {
    help: 'Spawns but the first, by the code of the cause.',
    labels: ['process', 'cause'],
  },
  promptbin_process_exits_total: { help: 'Exits, by the code of the cause.', labels: ['process', 'cause'] },
  promptbin_plugin_faults_total: { help: 'Faults of a plugin.', labels: ['plugin'] },
};

/** How long it took. */
export const histograms: Readonly<Record<HistogramName, HistogramDefinition>> = {
  promptbin_process_start_duration_seconds: {
    help: 'Time from the spawn of a service until it was ready.',
    labels,
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120],
  },
  promptbin_probe_duration_seconds: {
    help: 'Time that a check of a process took, its retries included.',
    labels: ['process', 'probe', 'means', 'outcome'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  },
};
