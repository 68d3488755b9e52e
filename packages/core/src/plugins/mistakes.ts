import { isAmount, isCause, isString, isText, listOf, oneOf, optional, shape } from '../hooks/shapes.ts';

// What is wrong with what a plugin asks of its context; undefined when nothing is.

const isView = shape({ name: isText, generation: isAmount });
const isAction = oneOf('start', 'stop', 'restart', 'fail', 'giveUp');
const isObservation = shape({
  status: oneOf('true', 'false', 'unknown'),
  reason: isText,
  message: optional(isString),
  evidence: optional(listOf(isString)),
  failing: optional(
    shape({
      verdict: oneOf('transient', 'persistent', 'flapping'),
      failures: isAmount,
      since: isAmount,
      lastGoodAt: optional(isAmount),
    }),
  ),
});

const isResourceChange = shape({ uris: listOf(isText), listChanged: optional(oneOf(true)) });

/** Only core states what happens to a process; of its own kinds of events, plugins state what they have measured. */
const isOfCore = /^(manager|config|process|plugin)\.(?!(?:sample|limitWarning|limitExceeded)$)/;

export function mistakeOfRequest(action: unknown, process: unknown, cause: unknown): string | undefined {
  if (!isAction(action)) return `"${action}" is none of start, stop, restart, fail, giveUp`;
  if (!isView(process)) return 'the second argument is no view of a process';
  return isCause(cause) ? undefined : 'the third argument is no cause { code, message, evidence }';
}

export function mistakeOfCondition(process: unknown, name: unknown, value: unknown): string | undefined {
  if (!isView(process)) return 'the first argument is no view of a process';
  if (name !== 'ready' && name !== 'healthy') return `"${name}" is neither ready nor healthy`;
  return isObservation(value)
    ? undefined
    : 'the third argument is no condition { status, reason, message?, evidence?, failing? }';
}

export function mistakeOfEvent(type: unknown, data: unknown): string | undefined {
  if (!isText(type)) return 'the first argument is no type of an event';
  if (isOfCore.test(String(type))) return `only core states "${type}"`;
  if (type === 'resource.changed' && !isResourceChange(data))
    return `the data of "${type}" is no { uris, listChanged? }`;
  return typeof data === 'object' && data !== null ? undefined : `the data of "${type}" is no object`;
}
