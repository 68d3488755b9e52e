import type { ResolvedConfig } from '../contract/config.ts';
import type { HookName } from '../contract/hooks.ts';
import {
  either,
  isAmount,
  isBoolean,
  isCause,
  isDescriptor,
  isPort,
  isRecord,
  isString,
  isText,
  listOf,
  oneOf,
  optional,
  recordOf,
  shape,
  type Test,
} from './shapes.ts';

type Check = (answer: unknown) => string | undefined;

const isDecision = either(
  shape({
    action: oneOf('retry'),
    delayMs: isAmount,
    attempt: optional(isAmount),
    port: optional(oneOf('next')),
  }),
  shape({ action: oneOf('giveUp'), cause: isCause }),
  shape({ action: oneOf('settle') }),
);
const isPlan = shape({
  command: isText,
  args: listOf(isString),
  cwd: isText,
  shell: isBoolean,
  notifyFd: optional(isDescriptor),
});
const isVeto = shape({ reason: isText, retryAfterMs: optional(isAmount) });
const isProcess = shape({
  kind: oneOf('service', 'job'),
  command: isText,
  args: listOf(isString),
  shell: isBoolean,
  cwd: isText,
  env: recordOf(either(isString, oneOf(null))),
  port: optional(
    shape({ preferred: either(isPort, oneOf('auto')), strict: isBoolean, host: isText, env: listOf(isString) }),
  ),
  dependsOn: recordOf(oneOf('started', 'ready', 'completed')),
  autostart: isBoolean,
  essential: isBoolean,
  protected: isBoolean,
  stdin: oneOf('ignore', 'pipe'),
  onDependencyRestart: oneOf('keep', 'restart', 'stop'),
  shared: optional(isText),
  ready: shape({ timeoutMs: isAmount, port: isBoolean }),
  stop: shape({ signal: isText, graceMs: isAmount }),
  logs: shape({ maxSizeBytes: isAmount, maxFiles: isAmount, ringBytes: isAmount }),
  fields: isRecord,
});
const isConfig: Test = (value) =>
  shape({ root: isText, secrets: listOf(isString), shared: optional(isRecord), processes: recordOf(isProcess) })(
    value,
  ) && Object.entries((value as ResolvedConfig).processes).every(([key, { name }]) => name === key);

const expect =
  (what: string, fits: Test): Check =>
  (answer) =>
    fits(answer) ? undefined : `returned ${show(answer)}, not ${what}`;

/** The same of an answer that is not to be shown: it is full of secrets. */
const expectUnseen =
  (what: string, fits: Test): Check =>
  (answer) =>
    fits(answer) ? undefined : `returned something else than ${what}`;

/** What each hook takes as an answer beside undefined. A hook that is not here takes any: its answers are ignored. */
export const answerChecks: Readonly<Partial<Record<HookName, Check>>> = {
  configure: expectUnseen('a resolved config', isConfig),
  gate: expect('a veto { reason, retryAfterMs? }', isVeto),
  port: expect('a port from 1 to 65535', isPort),
  plan: expect('a plan { command, args, cwd, shell, notifyFd? }', isPlan),
  env: expectUnseen('an environment of strings', recordOf(isString)),
  decide: expect('a decision { action }', isDecision),
  diagnose: expect('a cause { code, message, evidence }', isCause),
};

function show(answer: unknown): string {
  try {
    const text = JSON.stringify(answer) ?? String(answer);
    return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
  } catch {
    return 'something that cannot be shown';
  }
}
