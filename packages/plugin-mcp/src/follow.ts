import { setTimeout as delay } from 'node:timers/promises';
import { type CommandPort, type ListResult, listSpec, type ManagerEvent } from '@promptbin/core/views';
import { call } from './call.ts';

const firstDelayMs = 250;
const maxDelayMs = 5000;

export interface FollowOptions {
  readonly port: CommandPort;
  readonly signal: AbortSignal;
  onEvent(event: ManagerEvent): void;
  /** The manager answers. `again`: it did not before, so anything may have changed. */
  onConnected(list: ListResult, again: boolean): void;
  /** Default: real time, without keeping the Node process alive. */
  sleep?(ms: number, signal: AbortSignal): Promise<void>;
}

/**
 * Reads the events of a manager until `signal` aborts, through the manager's absence and its restarts: after 250 ms,
 * doubled up to 5 s, it subscribes again after the last event it saw. Never rejects.
 */
export async function follow(options: FollowOptions): Promise<void> {
  const { port, signal, sleep = sleepUnreferenced } = options;
  let seen: number | undefined;
  let failures = 0;
  while (!signal.aborted) {
    const list = await call(port, listSpec.name, {}, { caller: 'mcp', signal });
    if (list.ok && !signal.aborted) {
      const value = list.value as ListResult;
      // The next manager goes on counting, and tells what was missed of the one before as well; but one that could not read
      // its journal counts from 1: then what we saw last is a number that means nothing to it.
      seen = seen === undefined ? value.eventCursor : Math.min(seen, value.eventCursor);
      options.onConnected(value, failures > 0);
      try {
        for await (const event of port.subscribe({ after: seen, signal })) {
          seen = event.seq;
          failures = 0;
          options.onEvent(event);
        }
      } catch {
        // An end and a fault mean the same: the manager is gone, and it may come back.
      }
    }
    const pause = Math.min(firstDelayMs * 2 ** failures, maxDelayMs);
    failures += 1;
    await sleep(pause, signal).catch(() => {});
  }
}

async function sleepUnreferenced(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal, ref: false });
}
