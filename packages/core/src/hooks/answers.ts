import type { HookName } from '../contract/hooks.ts';
import { causeCodes } from '../contract/process.ts';

type Check = (answer: unknown) => string | undefined;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isDelay = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isTextList = (value: unknown): boolean => Array.isArray(value) && value.every((item) => typeof item === 'string');
const isCause = (value: unknown): boolean =>
  isRecord(value) &&
  (causeCodes as readonly unknown[]).includes(value.code) &&
  isText(value.message) &&
  isTextList(value.evidence);

const isDecision = (value: unknown): boolean => {
  if (!isRecord(value)) return false;
  if (value.action === 'retry')
    return isDelay(value.delayMs) && (value.attempt === undefined || isDelay(value.attempt));
  return value.action === 'settle' || (value.action === 'giveUp' && isCause(value.cause));
};

const isPlan = (value: unknown): boolean =>
  isRecord(value) &&
  isText(value.command) &&
  isTextList(value.args) &&
  isText(value.cwd) &&
  typeof value.shell === 'boolean';

const isVeto = (value: unknown): boolean =>
  isRecord(value) && isText(value.reason) && (value.retryAfterMs === undefined || isDelay(value.retryAfterMs));

const isPort = (value: unknown): boolean => Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536;
const isEnv = (value: unknown): boolean =>
  isRecord(value) && !Array.isArray(value) && Object.values(value).every((item) => typeof item === 'string');
const isConfig = (value: unknown): boolean => isRecord(value) && isText(value.root) && isRecord(value.processes);

const expect =
  (what: string, fits: (value: unknown) => boolean): Check =>
  (answer) =>
    fits(answer) ? undefined : `returned ${show(answer)}, not ${what}`;

/** What each hook takes as an answer beside undefined. A hook that is not here takes any: its answers are ignored. */
export const answerChecks: Readonly<Partial<Record<HookName, Check>>> = {
  configure: expect('a resolved config', isConfig),
  gate: expect('a veto { reason, retryAfterMs? }', isVeto),
  port: expect('a port from 1 to 65535', isPort),
  plan: expect('a plan { command, args, cwd, shell }', isPlan),
  env: expect('an environment of strings', isEnv),
  decide: expect('a decision { action }', isDecision),
  diagnose: expect('a cause { code, message, evidence }', isCause),
};

function show(answer: unknown): string {
  try {
    return (JSON.stringify(answer) ?? String(answer)).slice(0, 80);
  } catch {
    return 'something that cannot be shown';
  }
}
