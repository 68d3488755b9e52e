import type { ListResult, ManagerEvent } from '@promptbin/core/views';

export const processesUri = 'promptbin://processes';
export const flaskStatusUri = 'promptbin://flask-status';
export const processUriTemplate = 'promptbin://processes/{name}';

export function processUri(name: string): string {
  return `${processesUri}/${encodeURIComponent(name)}`;
}

/** Whether somebody may subscribe to it. A process that is not there yet may come. */
export function isResourceUri(uri: string): boolean {
  return uri === processesUri || uri === flaskStatusUri || uri.startsWith(`${processesUri}/`);
}

/** What `promptbin://flask-status` has shown since before there was more than one process. Null: it is down. */
export interface FlaskStatus {
  readonly port: number | null;
  readonly pid: number | null;
  readonly restarts: number;
}

/** The name of the Flask process when it is certain: as configured, or else `web`. */
export function flaskName({ processes }: Pick<ListResult, 'processes'>, configured?: string): string | undefined {
  return configured ?? processes.find(({ name }) => name === 'web')?.name;
}

/** Without a certain name it is the first process that has a port. */
export function flaskStatus(list: Pick<ListResult, 'processes'>, configured?: string): FlaskStatus {
  const wanted = flaskName(list, configured);
  const view = list.processes.find(({ name, port }) => (wanted === undefined ? port !== undefined : name === wanted));
  const { port, pid, restarts = 0 } = view ?? {};
  return pid === undefined ? { port: null, pid: null, restarts } : { port: port ?? null, pid, restarts };
}

/**
 * The resources whose content an event has changed. `flask` is the name of the Flask process when it is certain;
 * otherwise any process may be it.
 */
export function changedUris({ type, data }: ManagerEvent, flask: string | undefined): readonly string[] {
  if (type === 'config.loaded' || type === 'manager.closing') return [processesUri, flaskStatusUri];
  // Samples come every few seconds and change nothing of note.
  if (!type.startsWith('process.') || type === 'process.sample' || type === 'process.logFault') return [];
  if (!('name' in data)) return [];
  const uris = [processesUri, processUri(data.name)];
  return flask === undefined || flask === data.name ? [...uris, flaskStatusUri] : uris;
}
