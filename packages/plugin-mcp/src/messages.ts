import type { ExitInfo, ManagerEvent } from '@promptbin/core';

/** The levels in use, in rising order, among all that the protocol has. */
export const logLevels = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'] as const;
export type LogLevel = (typeof logLevels)[number];

/** One fact for the log of a client. Never a line of a process's output: that is untrusted and is asked for. */
export interface LogMessage {
  readonly level: LogLevel;
  readonly logger: string;
  readonly data: { readonly message: string; readonly type: string; readonly seq: number };
}

/** Tells events as sentences. It remembers who was in trouble, so that a recovery can be told from a start. */
export function createNarrator(): (event: ManagerEvent) => LogMessage | undefined {
  const troubled = new Set<string>();
  return (event) => {
    const { type, data, seq } = event;
    if (type === 'process.sample') return undefined;
    const name = 'name' in data ? data.name : undefined;
    const [level, message] = tell(event, name !== undefined && troubled.has(name));
    if (name !== undefined && (level === 'error' || level === 'warning')) troubled.add(name);
    if (name !== undefined && level === 'notice') troubled.delete(name);
    return { level, logger: name === undefined ? 'promptbin' : `promptbin.${name}`, data: { message, type, seq } };
  };
}

function tell(event: ManagerEvent, troubled: boolean): readonly [LogLevel, string] {
  switch (event.type) {
    case 'process.phase': {
      const { name, from, to, cause } = event.data;
      const why = cause === undefined ? '' : `: ${cause.message}`;
      return [to === 'failed' ? 'error' : 'info', `${name} went from ${from} to ${to}${why}`];
    }
    case 'process.exited': {
      const { name, exit } = event.data;
      return [exitLevel(exit), `${name} ended: ${exit.cause.message}`];
    }
    case 'process.condition': {
      const { name, condition, value } = event.data;
      const why = value.message ?? value.reason;
      if (value.status === 'true') return [troubled ? 'notice' : 'info', `${name} is ${condition}: ${why}`];
      const level = condition === 'healthy' && value.status === 'false' ? 'warning' : 'info';
      return [level, `${name} is ${value.status === 'false' ? `not ${condition}` : `maybe ${condition}`}: ${why}`];
    }
    case 'process.retry':
      return [
        'info',
        `${event.data.name} will be started again in ${event.data.delayMs} ms (attempt ${event.data.attempt})`,
      ];
    case 'process.spawned': {
      const { name, pid, url } = event.data;
      return ['info', `${name} runs as pid ${pid}${url === undefined ? '' : ` for ${url}`}`];
    }
    case 'process.waiting':
      return ['info', `${event.data.name} waits: ${event.data.waitingFor.join('; ')}`];
    case 'process.stopped':
      return ['info', `${event.data.name} is stopped, after ${event.data.tookMs} ms`];
    case 'process.desired':
      return ['info', `${event.data.name} is wanted ${event.data.desired}: ${event.data.cause.message}`];
    case 'manager.closing':
      return ['info', `The manager closes: ${event.data.why}`];
    case 'plugin.fault':
      return ['info', `Plugin ${event.data.plugin} failed in ${event.data.hook}: ${event.data.message}`];
    default:
      return ['info', event.type];
  }
}

/** A crash is an exit that nobody asked for; what the health check or a limit has ended was announced as unhealthy. */
function exitLevel({ code, cause }: ExitInfo): LogLevel {
  if (code === 0 || cause.code === 'requested' || cause.code === 'filesChanged' || cause.code === 'scheduled')
    return 'info';
  return cause.code === 'unhealthy' || cause.code === 'limitExceeded' ? 'warning' : 'error';
}
