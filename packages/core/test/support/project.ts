import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, createManager, type Manager, type ManagerEvent, type ManagerOptions } from '@promptbin/core';
import { onTestFinished } from 'vitest';

export interface TestManager {
  readonly manager: Manager;
  readonly root: string;
  /** Every event since the manager was made. */
  readonly events: ManagerEvent[];
}

/** A manager in a folder of its own; both are gone when the test ends, and so is everything that it started. */
export async function testManager(config: Config, options: ManagerOptions = {}): Promise<TestManager> {
  const root = await mkdtemp(join(tmpdir(), 'promptbin-'));
  const manager = await createManager(config, { root, ...options });
  const events: ManagerEvent[] = [];
  const following = (async () => {
    for await (const event of manager.subscribe({ after: 0 })) events.push(event);
  })();
  onTestFinished(async () => {
    await manager.close('the test has ended', { force: true });
    await following;
    await rm(root, { recursive: true, force: true });
  });
  return { manager, root, events };
}

/** Resolves with the first event, from now on, that passes. */
export function nextEvent(manager: Manager, test: (event: ManagerEvent) => boolean): Promise<ManagerEvent> {
  const stop = new AbortController();
  const events = manager.subscribe({ signal: stop.signal });
  const first = async (): Promise<ManagerEvent> => {
    for await (const event of events) if (test(event)) return event;
    throw new Error('the manager closed before the event came');
  };
  return first().finally(() => stop.abort());
}

/** The phases of a process, in order, beginning with the first one that it entered. */
export function phasesOf(events: readonly ManagerEvent[], name: string): string[] {
  return events.flatMap((event) => (event.type === 'process.phase' && event.data.name === name ? [event.data.to] : []));
}
