/** What a process has said of itself, by a line on its descriptor or by `sd_notify`. */
export interface Said {
  readonly isReady: boolean;
  /** What it is about instead of serving. */
  readonly busy?: 'reloading' | 'stopping' | undefined;
  /** `STATUS=`: for people. */
  readonly status?: string | undefined;
  /** When `WATCHDOG=1` came last, by the monotonic clock, ms. */
  readonly aliveAt?: number | undefined;
  /** `WATCHDOG=trigger`: it says itself that it is broken. */
  readonly isBroken: boolean;
}

export const nothingSaid: Said = { isReady: false, isBroken: false };

const longestStatus = 200;

/**
 * After one message of `sd_notify`: lines of `NAME=value`. Others than these are not for us.
 *
 * @param now monotonic, ms
 */
export function hear(said: Said, message: string, now: number): Said {
  return message.split('\n').reduce((before, line) => hearLine(before, line, now), said);
}

/** Whether it says more than that it is alive still. */
export function isNews(before: Said, { isReady, busy, status, isBroken }: Said): boolean {
  return isReady !== before.isReady || busy !== before.busy || status !== before.status || isBroken !== before.isBroken;
}

function hearLine(said: Said, line: string, now: number): Said {
  if (line.startsWith('STATUS=')) return { ...said, status: tidy(line.slice('STATUS='.length)) };
  switch (line) {
    case 'READY=1':
      return { ...said, isReady: true, busy: undefined };
    case 'RELOADING=1':
      return { ...said, isReady: false, busy: 'reloading' };
    case 'STOPPING=1':
      return { ...said, isReady: false, busy: 'stopping' };
    case 'WATCHDOG=1':
      return { ...said, aliveAt: now };
    case 'WATCHDOG=trigger':
      return { ...said, isBroken: true };
    default:
      return said;
  }
}

/** One line, not too long; nothing when it is empty. */
function tidy(status: string): string | undefined {
  const text = status.replaceAll(/\p{Cc}+/gu, ' ').trim();
  if (text === '') return undefined;
  return text.length > longestStatus ? `${text.slice(0, longestStatus - 1)}…` : text;
}
