import type { ListResult } from '@promptbin/core/views';

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
