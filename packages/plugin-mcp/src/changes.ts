import type { EventType, ManagerEvent } from '@promptbin/core/views';
import { configUri, eventsUri, flaskStatusUri, processesUri, processUri } from './core-resources.ts';

/** They come every few seconds and change nothing of note, or say only what a client did itself. */
const noise: ReadonlySet<EventType> = new Set(['process.sample', 'process.logFault', 'command.called']);

/**
 * The resources whose content an event has changed. `flask` is the name of the Flask process when it is certain;
 * otherwise any process may be it.
 */
export function changedUris(event: ManagerEvent, flask: string | undefined): readonly string[] {
  const { type, data } = event;
  if (event.type === 'resource.changed') return event.data.uris;
  if (noise.has(type)) return [];
  if (type === 'config.loaded' || type === 'manager.closing') return [eventsUri, processesUri, flaskStatusUri];
  if (!type.startsWith('process.') || !('name' in data)) return [eventsUri];
  const config = type === 'process.configured' ? [configUri(data.name)] : [];
  const uris = [eventsUri, processesUri, processUri(data.name), ...config];
  return flask === undefined || flask === data.name ? [...uris, flaskStatusUri] : uris;
}

/** Whether other resources are there than before. */
export function changesList({ type, data }: ManagerEvent): boolean {
  if (type === 'resource.changed') return 'listChanged' in data && data.listChanged === true;
  return type === 'process.added' || type === 'process.removed';
}
