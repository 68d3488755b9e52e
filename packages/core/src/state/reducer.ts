import type { ManagerEvent } from '../contract/events.ts';
import type { Cause, Condition, Desired, LastExit, Listening, Phase } from '../contract/process.ts';
import { isHeld } from './phases.ts';

/** Everything that is true of a process, as its events have told it. */
export interface ProcessState {
  readonly name: string;
  readonly kind: 'service' | 'job';
  readonly phase: Phase;
  readonly desired: Desired;
  readonly generation: number;
  readonly restarts: number;
  readonly attempt: number;
  readonly ready: Condition;
  readonly healthy: Condition;
  readonly since: number;
  readonly waitingFor: readonly string[];
  readonly pid?: number;
  readonly port?: number;
  readonly url?: string;
  readonly listening?: Listening;
  readonly retryAt?: number;
  readonly lastExit?: LastExit;
  readonly cause?: Cause;
}

export function initialState(name: string, kind: ProcessState['kind'], at: number): ProcessState {
  return {
    name,
    kind,
    phase: 'stopped',
    desired: 'down',
    generation: 0,
    restarts: 0,
    attempt: 0,
    ready: notSpawned(at),
    healthy: notSpawned(at),
    since: at,
    waitingFor: [],
  };
}

const notSpawned = (since: number): Condition => ({ status: 'unknown', reason: 'NotSpawned', since });

/** The state after `event`. Pure: an event of another process or of no process changes nothing. */
export function reduce(state: ProcessState, event: ManagerEvent): ProcessState {
  switch (event.type) {
    case 'process.desired':
      if (event.data.name !== state.name) return state;
      // An explicit start has a fresh budget, and what was wrong before is no longer why it is where it is.
      return { ...state, desired: event.data.desired, attempt: event.data.fresh ? 0 : state.attempt };
    case 'process.phase':
      return event.data.name === state.name ? enter(state, event) : state;
    case 'process.configured':
      return event.data.name === state.name ? { ...state, kind: event.data.kind } : state;
    case 'process.waiting':
      return event.data.name === state.name ? wait(state, event.data) : state;
    case 'process.spawned': {
      if (event.data.name !== state.name) return state;
      const { pid, port, url, generation, restart } = event.data;
      return {
        ...without(state, 'port', 'url', 'listening'),
        pid,
        generation,
        restarts: state.restarts + (restart ? 1 : 0),
        ready: { status: 'false', reason: 'Starting', since: event.at },
        healthy: { status: 'unknown', reason: 'NotChecked', since: event.at },
        ...(port === undefined ? {} : { port }),
        ...(url === undefined ? {} : { url }),
      };
    }
    case 'process.listening': {
      if (event.data.name !== state.name) return state;
      const { port, url, listening } = event.data;
      return { ...without(state, 'listening'), port, url, ...(listening === undefined ? {} : { listening }) };
    }
    case 'process.exited': {
      // One that was replaced may end after its successor has begun.
      if (event.data.name !== state.name || event.data.generation !== state.generation) return state;
      const { code, signal, cause } = event.data.exit;
      return {
        ...without(state, 'pid', 'listening'),
        lastExit: { code, signal, at: new Date(event.at).toISOString() },
        ready: { status: 'false', reason: 'Exited', message: cause.message, since: event.at },
        healthy: { status: 'unknown', reason: 'Exited', since: event.at },
      };
    }
    case 'process.retry':
      if (event.data.name !== state.name) return state;
      return { ...state, attempt: event.data.attempt, retryAt: event.at + event.data.delayMs };
    case 'process.condition':
      return event.data.name === state.name ? { ...state, [event.data.condition]: event.data.value } : state;
    default:
      return state;
  }
}

function enter(state: ProcessState, event: ManagerEvent<'process.phase'>): ProcessState {
  const { to, cause } = event.data;
  const next = {
    ...without(state, 'retryAt', 'cause'),
    phase: to,
    since: event.at,
    waitingFor: [],
    ...(to === 'backoff' && state.retryAt !== undefined ? { retryAt: state.retryAt } : {}),
    ...(cause === undefined ? {} : { cause }),
  };
  return to === 'stopped' ? without(next, 'port', 'url') : next;
}

function wait(state: ProcessState, { waitingFor, cause }: ManagerEvent<'process.waiting'>['data']): ProcessState {
  if (cause !== undefined) return { ...state, waitingFor, cause };
  // Why it came to wait is still true when what it waits for is on its way again.
  return { ...(isHeld(state) ? without(state, 'cause') : state), waitingFor };
}

function without<K extends keyof ProcessState>(state: ProcessState, ...keys: K[]): ProcessState {
  const copy: { -readonly [P in keyof ProcessState]?: ProcessState[P] } = { ...state };
  for (const key of keys) delete copy[key];
  return copy as ProcessState;
}
