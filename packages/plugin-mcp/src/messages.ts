import { describeEvent, type ExitInfo, type ManagerEvent, processOf } from '@promptbin/core/views';

/** The levels of the protocol in rising order. */
export const logLevels = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'] as const;
export type LogLevel = (typeof logLevels)[number];

/** One fact for the log of a client. Of a process's output at most what an exception says: more is asked for. */
export interface LogMessage {
  readonly level: LogLevel;
  readonly logger: string;
  readonly data: { readonly message: string; readonly type: string; readonly seq: number };
}

/** Tells events as log messages. It remembers who was in trouble, so that a recovery can be told from a start. */
export function createNarrator(): (event: ManagerEvent) => LogMessage | undefined {
  const troubled = new Set<string>();
  return (event) => {
    // Whoever wants to hear of resources has subscribed to them.
    if (event.type === 'process.sample' || event.type === 'resource.changed') return undefined;
    const name = processOf(event);
    const level = levelOf(event, name !== undefined && troubled.has(name));
    if (name !== undefined && (level === 'error' || level === 'warning')) troubled.add(name);
    if (name !== undefined && level === 'notice') troubled.delete(name);
    return {
      level,
      logger: name === undefined ? 'promptbin' : `promptbin.${name}`,
      data: { message: describeEvent(event).text, type: event.type, seq: event.seq },
    };
  };
}

// Not the levels of `describeEvent`: those are for a person at a terminal, these decide what wakes an agent.
function levelOf(event: ManagerEvent, troubled: boolean): LogLevel {
  if (event.type === 'process.phase') return event.data.to === 'failed' ? 'error' : 'info';
  if (event.type === 'process.exited') return exitLevel(event.data.exit);
  if (event.type !== 'process.condition') return 'info';
  const { condition, value } = event.data;
  const { status, reason, failing } = value;
  // Only changes of verdict are sent on, not all that happens while it flaps or that a process says of itself.
  if (reason === 'StatusText' || (failing?.verdict === 'flapping' && reason !== 'Flapping')) return 'debug';
  if (condition === 'healthy' && (status === 'false' || reason === 'Flapping')) return 'warning';
  return status === 'true' && failing === undefined && troubled ? 'notice' : 'info';
}

/** A crash is an exit that nobody asked for. What a health check or a limit has ended is unhealthy. */
function exitLevel({ code, cause, condemned }: ExitInfo): LogLevel {
  switch (cause.code) {
    case 'requested':
    case 'filesChanged':
    case 'scheduled':
      return 'info';
    case 'unhealthy':
    case 'limitExceeded':
      return 'warning';
    default:
      return code === 0 && !condemned ? 'info' : 'error';
  }
}
