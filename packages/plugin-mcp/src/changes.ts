import type { ManagerEvent } from '@promptbin/core/views';
import { configUri, flaskStatusUri, processesUri, processUri } from './core-resources.ts';

/**
 * The resources whose content an event has changed. `flask` is the name of the Flask process when it is certain;
 * otherwise any process may be it.
 */
export function changedUris(event: ManagerEvent, flask: string | undefined): readonly string[] {
  const { type, data } = event;
  if (event.type === 'resource.changed') return event.data.uris;
  if (type === 'config.loaded' || type === 'manager.closing') return [processesUri, flaskStatusUri];
  // Samples come every few seconds and change nothing of note.
  if (!type.startsWith('process.') || type === 'process.sample' || type === 'process.logFault') return [];
  if (!('name' in data)) return [];
  const config = type === 'process.configured' ? [configUri(data.name)] : [];
  const uris = [processesUri, processUri(data.name), ...config];
  return flask === undefined || flask === data.name ? [...uris, flaskStatusUri] : uris;
}

/** Whether other resources are there than before. */
export function changesList({ type, data }: ManagerEvent): boolean {
  if (type === 'resource.changed') return 'listChanged' in data && data.listChanged === true;
  return type === 'process.added' || type === 'process.removed';
}
