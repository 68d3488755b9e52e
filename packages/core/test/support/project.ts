import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Config,
  createManager,
  type EventType,
  type ListResult,
  type ManagedProcess,
  type Manager,
  type ManagerEvent,
  type ManagerOptions,
} from '@promptbin/core';
import { onTestFinished } from 'vitest';

export interface TestManager {
  readonly manager: Manager;
  readonly root: string;
  /** Every event of core since the manager was made. */
  readonly events: ManagerEvent[];
}

type CoreEventType = Extract<EventType, `${'manager' | 'config' | 'process' | 'journal' | 'plugin'}.${string}`>;

// Written as a record, so that the compiler tells when a type of event is missing.
const eventTypes: Record<CoreEventType, true> = {
  'manager.started': true,
  'manager.closing': true,
  'manager.closed': true,
  'manager.defect': true,
  'manager.cleared': true,
  'manager.guarded': true,
  'manager.swept': true,
  'config.loaded': true,
  'config.reloaded': true,
  'config.rejected': true,
  'process.added': true,
  'process.configured': true,
  'process.removed': true,
  'process.desired': true,
  'process.phase': true,
  'process.waiting': true,
  'process.spawned': true,
  'process.exited': true,
  'process.retry': true,
  'process.condition': true,
  'process.listening': true,
  'process.notified': true,
  'process.sample': true,
  'process.limitWarning': true,
  'process.limitExceeded': true,
  'process.signalled': true,
  'process.stopped': true,
  'process.logFault': true,
  'journal.recovered': true,
  'journal.fault': true,
  'journal.resumed': true,
  'journal.omitted': true,
  'plugin.fault': true,
  'plugin.muted': true,
};

/** A manager in a folder of its own; both are gone when the test ends, and so is everything that it started. */
export async function testManager(config: Config, options: ManagerOptions = {}): Promise<TestManager> {
  const root = await mkdtemp(join(tmpdir(), 'promptbin-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const manager = await createManager(config, { root, ...options });
  onTestFinished(async () => {
    await manager.close('the test has ended', { force: true });
  });
  const events = await pastEvents(manager);
  // Not by `subscribe`, which hands out an event some microtasks after it was stated.
  for (const type of Object.keys(eventTypes) as EventType[]) {
    manager.on(type, (event) => void events.push(event as ManagerEvent));
  }
  return { manager, root, events };
}

async function pastEvents(manager: Manager): Promise<ManagerEvent[]> {
  const answer = await manager.call('process.list', {}, { caller: 'test' });
  const { eventCursor } = (answer as { value: ListResult }).value;
  const events: ManagerEvent[] = [];
  for await (const event of manager.subscribe({ after: 0 })) {
    events.push(event);
    if (event.seq === eventCursor) break;
  }
  return events;
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

/** Resolves with the text of the first line of output, early or late, that contains `text`. */
export function lineWith(process: ManagedProcess, text: string): Promise<string> {
  return new Promise((resolve) => {
    const look = (): void => {
      const line = process.logs().lines.find((one) => one.text.includes(text));
      if (line === undefined) return;
      listener[Symbol.dispose]();
      resolve(line.text);
    };
    const listener = process.onOutput(look);
    look();
  });
}

/** The phases of a process, in order, beginning with the first one that it entered. */
export function phasesOf(events: readonly ManagerEvent[], name: string): string[] {
  return events.flatMap((event) => (event.type === 'process.phase' && event.data.name === name ? [event.data.to] : []));
}
