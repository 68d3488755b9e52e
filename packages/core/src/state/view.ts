import type { ProcessView } from '../contract/process.ts';
import type { ProcessState } from './reducer.ts';

/** Whether a process counts as ready: a job when it has completed, anything else when it runs and its condition holds. */
export function isReady(state: Pick<ProcessState, 'kind' | 'phase' | 'ready'>): boolean {
  return state.kind === 'job'
    ? state.phase === 'completed'
    : state.phase === 'running' && state.ready.status === 'true';
}

/** The public, frozen status. `uptimeMs` comes from the monotonic clock, which the events do not carry. */
export function viewOf(state: ProcessState, uptimeMs: number | undefined): ProcessView {
  const { healthy } = state;
  return Object.freeze({
    name: state.name,
    kind: state.kind,
    phase: state.phase,
    desired: state.desired,
    ready: isReady(state),
    ...(healthy.status === 'unknown' ? {} : { healthy: healthy.status === 'true' }),
    ...(state.pid === undefined ? {} : { pid: state.pid }),
    ...(state.port === undefined ? {} : { port: state.port }),
    ...(state.url === undefined ? {} : { url: state.url }),
    ...(state.listening === undefined ? {} : { listening: state.listening }),
    ...(uptimeMs === undefined ? {} : { uptimeSec: Math.floor(uptimeMs / 1000) }),
    restarts: state.restarts,
    generation: state.generation,
    attempt: state.attempt,
    ...(state.retryAt === undefined ? {} : { retryAt: new Date(state.retryAt).toISOString() }),
    ...(state.waitingFor.length === 0 ? {} : { waitingFor: state.waitingFor }),
    ...(state.lastExit === undefined ? {} : { lastExit: state.lastExit }),
    ...(state.cause === undefined ? {} : { cause: state.cause }),
    since: new Date(state.since).toISOString(),
    conditions: Object.freeze({ ready: state.ready, healthy }),
  });
}
