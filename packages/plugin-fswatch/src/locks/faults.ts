import { type LockView, type MarkerView, PromptbinError } from '@promptbin/core';

/** The marker cannot be made, judged or removed. */
export function unwritable(path: string, cause: unknown): PromptbinError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new PromptbinError('PB_LOCK_UNWRITABLE', `${path} cannot be locked: ${why}`, {
    hint: 'See that its folder exists and may be written to, and that there is room on the disk.',
    cause,
  });
}

export function timedOut(obstacle: LockView, timeoutMs: number): PromptbinError {
  return new PromptbinError('PB_LOCK_TIMEOUT', `${describe(obstacle)}, and was not free within ${timeoutMs} ms.`, {
    hint: 'Let the holder finish, or take its lock away with the command lock.break.',
    details: obstacle,
  });
}

export function calledOff(obstacle: LockView, cause: unknown): PromptbinError {
  return new PromptbinError('PB_LOCK_ABORTED', `${describe(obstacle)}; it is waited for no longer.`, {
    details: obstacle,
    cause,
  });
}

export function reentrant(path: string, acquiredAt: string | undefined): PromptbinError {
  const where = acquiredAt === undefined ? '' : `, since ${acquiredAt}`;
  return new PromptbinError('PB_LOCK_REENTRANT', `What asks for the lock of ${path} holds it already${where}.`, {
    hint: 'Pass the lock on to what needs it, or release it before it is acquired again.',
    details: { path, acquiredAt },
  });
}

/** `pid 7 on web1`, with what is known of it. */
export function describeMarker({ kind, holder }: MarkerView): string {
  if (holder === undefined) return 'somebody unknown';
  const { pid, host, alive } = holder;
  if (kind === 'ours') return `this manager (pid ${pid})`;
  const state = alive === false ? ', which has ended' : alive === undefined ? ', another host' : '';
  return `pid ${pid} on ${host}${state}`;
}

function describe({ path, marker, acquiredAt }: LockView): string {
  if (marker === undefined) return `The lock of ${path} went from hand to hand`;
  const where = acquiredAt === undefined ? '' : ` at ${acquiredAt}`;
  return `The lock of ${path} is held by ${describeMarker(marker)}${where} for ${Math.round(marker.ageMs)} ms`;
}
