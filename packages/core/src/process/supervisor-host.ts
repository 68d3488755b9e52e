import type { Clock } from '../contract/clock.ts';
import type { ResolvedProcess } from '../contract/config.ts';
import type { ProcessView } from '../contract/process.ts';
import type { Runner } from '../contract/runner.ts';
import type { NetworkService } from '../contract/services.ts';
import type { Bus } from '../kernel/bus.ts';
import type { ProcessState } from '../state/reducer.ts';
import type { LaunchHost } from './launch.ts';
import type { Pacer } from './pacer.ts';

/** The process that a part of its supervisor is about. */
export interface Subject {
  /** As it is configured now: a reload changes it. */
  readonly spec: ResolvedProcess;
  readonly view: ProcessView;
}

/** What a supervisor needs of its manager. */
export interface SupervisorHost extends LaunchHost {
  readonly pacer: Pacer;
  readonly clock: Clock;
  readonly bus: Bus;
  readonly runner: Runner;
  readonly network: NetworkService;
  post(message: () => void): void;
  stateOf(name: string): ProcessState;
}
