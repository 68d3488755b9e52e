import { type DestinationStream, destination, type Logger, pino } from 'pino';
import type { ManagerEvent } from '../contract/events.ts';
import { describeEvent, processOf } from '../state/describe.ts';

/**
 * The manager's own log: JSON lines, one per event, with `process`, `pid`, `run`, `event` and `duration` (ms) where they
 * apply. A file is written synchronously: what was logged just before a crash is what one wants to read.
 */
export function createLogger(target: string | DestinationStream): Logger {
  const stream = typeof target === 'string' ? destination({ dest: target, sync: true, mkdir: true }) : target;
  return pino({ base: { manager: process.pid }, level: 'debug', messageKey: 'message' }, stream);
}

export function logEvent(logger: Logger, event: ManagerEvent, pidOf: (name: string) => number | undefined): void {
  const { level, text } = describeEvent(event);
  const name = processOf(event);
  const { data } = event;
  const pid = name === undefined ? undefined : pidOf(name);
  logger[level](
    {
      seq: event.seq,
      event: event.type,
      ...(name === undefined ? {} : { process: name }),
      ...(pid === undefined ? {} : { pid }),
      ...('generation' in data ? { run: data.generation } : {}),
      ...('tookMs' in data ? { duration: data.tookMs } : {}),
      ...('exit' in data ? { duration: data.exit.uptimeMs } : {}),
      ...('cause' in data && data.cause !== undefined ? { cause: data.cause.code } : {}),
    },
    text,
  );
}
