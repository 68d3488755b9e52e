import { type DestinationStream, destination, type Logger, pino } from 'pino';
import type { ManagerEvent } from '../contract/events.ts';
import { describeEvent, processOf } from '../state/describe.ts';

/** How much is kept for a file that cannot be written, such as on a full disk, bytes. */
const longestBacklog = 1024 * 1024;

export interface EventLogger {
  /** @param pid of the process that the event is about */
  write(event: ManagerEvent, pid: number | undefined): void;
  close(): void;
}

/**
 * The manager's own log: JSON lines, one per event, with `process`, `pid`, `run`, `event` and `duration` (ms) where they
 * apply. A file is written synchronously: what was logged just before a crash is what one wants to read.
 */
export function createLogger(target: string | DestinationStream): EventLogger {
  const file = typeof target === 'string' ? openFile(target) : undefined;
  const options = { base: { manager: process.pid }, level: 'debug', messageKey: 'message' };
  const logger = pino(options, file ?? (target as DestinationStream));
  return {
    write: (event, pid) => writeEvent(logger, event, pid),
    // A stream that was given belongs to whoever gave it.
    close: () => file?.end(),
  };
}

function openFile(path: string): ReturnType<typeof destination> {
  const file = destination({ dest: path, sync: true, mkdir: true, maxLength: longestBacklog });
  // A full disk must not stop the manager; what could not be written is tried again with the next event.
  file.on('error', () => {});
  return file;
}

function writeEvent(logger: Logger, event: ManagerEvent, pid: number | undefined): void {
  const { level, text } = describeEvent(event);
  const name = processOf(event);
  const { data } = event;
  logger[level](
    {
      seq: event.seq,
      event: event.type,
      ...(name === undefined ? {} : { process: name }),
      ...(pid === undefined ? {} : { pid }),
      ...('generation' in data ? { run: data.generation } : {}),
      ...('tookMs' in data ? { duration: data.tookMs } : {}),
      ...('exit' in data ? { duration: data.exit.uptimeMs } : {}),
      ...(event.type === 'command.called' ? { caller: event.data.caller, input: event.data.input } : {}),
      ...('cause' in data && data.cause !== undefined ? { cause: data.cause.code } : {}),
    },
    text,
  );
}
