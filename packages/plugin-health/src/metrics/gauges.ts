import type { ProcessView } from '@promptbin/core';
import type { Reading } from '../resources/meter.ts';
import type { GaugeName } from './definitions.ts';
import type { EventLoopDelay } from './event-loop.ts';
import type { GaugeValue } from './registry.ts';

/** What holds at one moment. */
export interface Moment {
  readonly processes: readonly ProcessView[];
  last(name: string): Reading | undefined;
  readonly manager: {
    readonly uptimeMs: number;
    readonly memoryBytes: number;
    readonly delays: readonly EventLoopDelay[];
  };
}

/** The values of all gauges; what is not known is left out. */
export function gaugesOf({ processes, last, manager }: Moment): readonly GaugeValue[] {
  return [
    ...processes.flatMap((process) => gaugesOfProcess(process, last(process.name))),
    { name: 'promptbin_manager_uptime_seconds', labels: {}, value: manager.uptimeMs / 1000 },
    { name: 'promptbin_manager_memory_bytes', labels: {}, value: manager.memoryBytes },
    ...manager.delays.map(
      ({ quantile, seconds }): GaugeValue => ({
        name: 'promptbin_manager_event_loop_delay_seconds',
        labels: { quantile },
        value: seconds,
      }),
    ),
  ];
}

function gaugesOfProcess(view: ProcessView, reading: Reading | undefined): readonly GaugeValue[] {
  const { healthy } = view;
  const values: Partial<Record<GaugeName, number | undefined>> = {
    promptbin_process_up: Number(view.pid !== undefined),
    promptbin_process_ready: Number(view.ready),
    promptbin_process_healthy: healthy === undefined ? undefined : Number(healthy),
    promptbin_process_uptime_seconds: view.uptimeSec,
    promptbin_process_cpu_ratio: reading && reading.cpuPercent / 100,
    promptbin_process_memory_bytes: reading?.memoryBytes,
    promptbin_process_tree_size: reading?.processes,
    promptbin_process_threads: reading?.threads,
    promptbin_process_open_fds: reading?.descriptors,
  };
  const labels = { process: view.name };
  return (Object.entries(values) as [GaugeName, number | undefined][]).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, labels, value }],
  );
}
