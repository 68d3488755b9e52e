import type { ManagerEvent } from '../contract/events.ts';
import type { Cause, ExitInfo } from '../contract/process.ts';
import { signatureOf } from '../state/signature.ts';
import { plural } from '../state/words.ts';

/** Why its last run ended. */
export function lastExitCause(events: readonly ManagerEvent[]): Cause | undefined {
  return exitsOf(events).at(-1)?.data.exit.cause;
}

/**
 * How often it has exited since it was started by somebody, in how long, and for how many reasons:
 * `4 exits in 3.1 s, all for one reason: app.py line 3: …`. Undefined below two.
 *
 * @param events of one process, oldest first
 */
export function describeExits(events: readonly ManagerEvent[]): string | undefined {
  const begun = events.findLastIndex(({ type, data }) => type === 'process.desired' && data.fresh);
  const exits = exitsOf(events.slice(begun + 1));
  const [first, last] = [exits.at(0), exits.at(-1)];
  if (first === undefined || last === undefined || exits.length < 2) return undefined;
  const reasons = Map.groupBy(exits, ({ data }) => reasonOf(data.exit));
  const times = `${exits.length} exits in ${Number(((last.at - first.at) / 1000).toFixed(1))} s`;
  if (reasons.size === 1) return `${times}, all for one reason: ${last.data.exit.cause.message}`;
  const counted = [...reasons.values()].map(
    (alike) => `${alike.at(-1)?.data.exit.cause.message} (${alike.length} times)`,
  );
  return `${times}, for ${plural(reasons.size, 'reason')}: ${counted.join('; ')}`;
}

// Ids and times in a message make no other reason, but the number that is its exit code does.
function reasonOf({ code, signal, cause }: ExitInfo): string {
  return [code, signal, cause.code, signatureOf(cause.message)].join(' ');
}

/** The exits among them. */
export function exitsOf(events: readonly ManagerEvent[]): readonly ManagerEvent<'process.exited'>[] {
  return events.flatMap((event) => (event.type === 'process.exited' ? [event] : []));
}
