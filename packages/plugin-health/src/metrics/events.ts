import type { ManagerEvent } from '@promptbin/core';
import type { Recorder } from './recorder.ts';

interface Spawned {
  readonly generation: number;
  /** Monotonic, ms. */
  readonly at: number;
}

/** Counts what events tell. */
export class EventCounter {
  readonly #recorder: Recorder;
  readonly #isService: (name: string) => boolean;
  readonly #spawned = new Map<string, Spawned>();
  /** Why a process was last ended, or wanted: when it is spawned again, that is why. */
  readonly #causes = new Map<string, string>();

  constructor(recorder: Recorder, isService: (name: string) => boolean) {
    this.#recorder = recorder;
    this.#isService = isService;
  }

  /** @param now monotonic, ms */
  take({ type, data }: ManagerEvent, now: number): void {
    switch (type) {
      case 'process.spawned': {
        const { name, generation, restart } = data;
        this.#spawned.set(name, { generation, at: now });
        const cause = this.#causes.get(name) ?? 'unknown';
        if (restart) this.#recorder.count('promptbin_process_restarts_total', { process: name, cause });
        return;
      }
      case 'process.exited': {
        const { code } = data.exit.cause;
        this.#causes.set(data.name, code);
        this.#recorder.count('promptbin_process_exits_total', { process: data.name, cause: code });
        return;
      }
      case 'process.phase': {
        const { name, generation, to, by, cause } = data;
        if (cause !== undefined && (to === 'waiting' || to === 'stopping')) this.#causes.set(name, cause.code);
        const spawned = this.#spawned.get(name);
        if (to !== 'running' || by !== 'ready' || spawned?.generation !== generation || !this.#isService(name)) return;
        const seconds = (now - spawned.at) / 1000;
        this.#recorder.observe('promptbin_process_start_duration_seconds', { process: name }, seconds);
        return;
      }
      case 'process.removed':
        this.#spawned.delete(data.name);
        this.#causes.delete(data.name);
        this.#recorder.forget(data.name);
        return;
      case 'plugin.fault':
        this.#recorder.count('promptbin_plugin_faults_total', { plugin: data.plugin });
        return;
      default:
    }
  }
}
