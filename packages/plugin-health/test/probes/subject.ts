import { type Clock, type Listener, type ProcessView, type ResolvedProcess, systemClock } from '@promptbin/core';
import { type Attempt, CheckFailure, type Probe, type Subject } from '../../src/probes/probe.ts';

export const never: AbortSignal = new AbortController().signal;

export interface Around {
  readonly url?: string;
  readonly port?: number;
  readonly listener?: (port: number, host: string | undefined) => Promise<Listener>;
  /** Where it is found to listen; the view follows. */
  readonly locate?: () => { readonly found?: string; readonly url?: string; readonly port?: number };
  readonly exec?: Subject['exec'];
  readonly output?: Subject['output'];
  readonly clock?: Clock;
  readonly root?: string;
}

/** An incarnation that listens on `port` by itself, unless told otherwise. */
export function subjectOf(around: Around): Subject {
  let { url, port } = around;
  const unavailable = (): never => {
    throw new Error('not to be used');
  };
  return {
    name: 'web',
    generation: 1,
    settings: { port: { host: '127.0.0.1' } } as ResolvedProcess,
    root: around.root ?? '/nowhere',
    clock: around.clock ?? systemClock,
    network: {
      holder: async () => undefined,
      listener: (_, asked, host) =>
        around.listener?.(asked, host) ?? Promise.resolve({ kind: 'ours', pid: 1, host: '127.0.0.1' }),
      tree: async () => [],
      locate: async () => {
        const moved = around.locate?.() ?? {};
        url = moved.url ?? url;
        port = moved.port ?? port;
        return moved.found;
      },
    },
    exec: around.exec ?? { run: unavailable },
    output: around.output ?? { waitFor: unavailable },
    view: () => ({ name: 'web', generation: 1, url, port }) as ProcessView,
  };
}

export function attempt(probe: Probe, timeoutMs = 20_000, signal: AbortSignal = never): Promise<void> {
  const asked: Attempt = { timeoutMs, signal };
  return probe.attempt(asked);
}

export async function failureOf(asked: Promise<void>): Promise<CheckFailure> {
  const fault = await asked.then(
    () => new Error('it passed'),
    (reason: unknown) => reason,
  );
  if (fault instanceof CheckFailure) return fault;
  throw fault;
}
