import type { Clock } from '../contract/clock.ts';
import type { Runner } from '../contract/runner.ts';
import type { NetworkService } from '../contract/services.ts';
import type { Bus } from '../kernel/bus.ts';
import type { ProcessState } from '../state/reducer.ts';
import type { LaunchHost } from './launch.ts';

/** What a supervisor needs of its manager. */
export interface SupervisorHost extends LaunchHost {
  readonly clock: Clock;
  readonly bus: Bus;
  readonly runner: Runner;
  readonly network: NetworkService;
  post(message: () => void): void;
  stateOf(name: string): ProcessState;
}
