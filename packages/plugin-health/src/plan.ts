import { isDeepStrictEqual } from 'node:util';
import type { Asked } from './probes/create.ts';
import { isShared, type Means, meansMistake, type ProbeKind, standsFor } from './probes/means.ts';
import type { Limits } from './resources/settings.ts';
import type { Flapping } from './tally.ts';

/** One check with every default filled in. */
export interface Check {
  readonly means: Means;
  readonly timeoutMs: number;
  readonly retries: number;
  readonly initialDelayMs: number;
  readonly successThreshold: number;
}

/** `readiness` speaks about the condition `ready`, `liveness` about `healthy`. */
export type Kind = Exclude<ProbeKind, 'startup'>;

/** A check of a running process, and what its outcome says. */
export interface RunningCheck extends Check {
  /** Undefined: as `shared` of the config says, at any time. */
  readonly periodMs?: number | undefined;
  readonly kinds: readonly [Kind, ...Kind[]];
  readonly failureThreshold: number;
}

/** What a process must pass before it is ready. */
export interface Gate extends Check {
  readonly kinds: readonly ['startup' | 'readiness'];
  readonly periodMs: number;
  /** Undefined: only the deadline ends the start. */
  readonly failureThreshold?: number | undefined;
}

/** What is to be checked of one process. */
export interface HealthPlan {
  /** One after the other, while it starts. */
  readonly gates: readonly Gate[];
  /** Side by side, while it runs. */
  readonly checks: readonly RunningCheck[];
  readonly flapping: Flapping;
  readonly limits: Limits;
}

/** Zod schemas as parsed: durations in ms, the means made one, what was left out still left out. */
export interface ParsedCheck {
  readonly means?: Means | undefined;
  readonly period?: number | undefined;
  readonly timeout?: number | undefined;
  readonly retries?: number | undefined;
  readonly failureThreshold?: number | undefined;
  readonly successThreshold?: number | undefined;
  readonly initialDelay?: number | undefined;
}

export interface ParsedFields extends ParsedCheck {
  readonly startup?: Omit<ParsedCheck, 'retries'> | undefined;
  readonly readiness?: ParsedCheck | undefined;
  readonly liveness?: ParsedCheck | undefined;
  readonly flapping: Flapping;
  readonly limits: Limits;
}

export interface Mistake {
  readonly path: string[];
  readonly message: string;
}

const defaults = { timeoutMs: 2000, retries: 2, failureThreshold: 3, successThreshold: 1, startPeriodMs: 250 };
const nothingToAsk = 'expected what to check by: "http", "tcp", "exec", "log", "notify" or "heartbeat"';

/** The plan that the fields of a process ask for, or what is wrong with them. */
export function completePlan(fields: ParsedFields): { plan: HealthPlan } | { mistake: Mistake } {
  const { flapping, limits } = fields;
  const mistake = mistakeIn(fields);
  if (mistake !== undefined) return { mistake };
  const plan = { gates: gatesOf(fields), checks: checksOf(fields), flapping, limits };
  const isEmpty = plan.gates.length + plan.checks.length === 0 && !limits.memory && !limits.cpu;
  return isEmpty ? { mistake: { path: [], message: `${nothingToAsk}, or a limit: "memory" or "cpu"` } } : { plan };
}

/** What a process is checked for, and by what. */
export function askedOf(plan: HealthPlan | undefined): readonly Asked[] {
  if (plan === undefined) return [];
  return [...plan.gates, ...plan.checks].flatMap(({ kinds, means }) => kinds.map((kind) => ({ kind, means })));
}

function mistakeIn(fields: ParsedFields): Mistake | undefined {
  for (const kind of ['startup', 'readiness', 'liveness'] as const) {
    const own = fields[kind];
    if (own !== undefined && meansOf(fields, kind) === undefined) return { path: [kind], message: nothingToAsk };
    const message = own?.means && meansMistake(own.means, kind);
    if (message !== undefined) return { path: [kind, own?.means?.kind ?? ''], message };
  }
  return descriptorMistake(fields);
}

/** A process is spawned with one descriptor to say something by. */
function descriptorMistake(fields: ParsedFields): Mistake | undefined {
  const [startup, readiness] = (['startup', 'readiness'] as const).map((kind) => descriptorOf(meansOf(fields, kind)));
  if (startup === undefined || readiness === undefined || startup === readiness) return undefined;
  const [kind, other] = fields.readiness?.means === undefined ? ['startup', readiness] : ['readiness', startup];
  return { path: [kind, 'notify'], message: `expected ${other}, for a process has one descriptor to say something by` };
}

function descriptorOf(means: Means | undefined): number | undefined {
  return means?.kind === 'notify' && means.by !== 'systemd' ? means.by : undefined;
}

/** What a probe asks by: its own means, else what stands around it. The start asks as readiness does. */
function meansOf(fields: ParsedFields, kind: ProbeKind): Means | undefined {
  const around = fields.means !== undefined && standsFor(fields.means).includes(kind) ? fields.means : undefined;
  return fields[kind]?.means ?? (kind === 'startup' ? fields.readiness?.means : undefined) ?? around;
}

function gatesOf(fields: ParsedFields): readonly Gate[] {
  const { startup, readiness, timeout = defaults.timeoutMs } = fields;
  const [means, readyMeans] = [meansOf(fields, 'startup'), meansOf(fields, 'readiness')];
  if (means === undefined) return [];
  // The next poll is the retry.
  const pace = { periodMs: startup?.period ?? defaults.startPeriodMs, retries: 0, initialDelayMs: 0 };
  const ready = {
    ...pace,
    timeoutMs: readiness?.timeout ?? timeout,
    successThreshold: readiness?.successThreshold ?? fields.successThreshold ?? defaults.successThreshold,
  };
  // One that stands for both asks for as many good answers as either.
  const isBoth = isDeepStrictEqual(means, readyMeans);
  const first: Gate = {
    ...pace,
    kinds: ['startup'],
    means,
    timeoutMs: startup?.timeout ?? (isBoth ? ready.timeoutMs : timeout),
    initialDelayMs: startup?.initialDelay ?? 0,
    failureThreshold: startup?.failureThreshold,
    successThreshold: Math.max(startup?.successThreshold ?? 1, isBoth ? ready.successThreshold : 1),
  };
  return isBoth || readyMeans === undefined ? [first] : [first, { ...ready, kinds: ['readiness'], means: readyMeans }];
}

function checksOf(fields: ParsedFields): readonly RunningCheck[] {
  const { readiness, liveness, means } = fields;
  if (readiness === undefined && liveness === undefined && means !== undefined && isShared(means)) {
    const [first, ...more] = standsFor(means).filter((kind) => kind !== 'startup');
    return first === undefined ? [] : [completeCheck([first, ...more], means, {}, fields)];
  }
  return (['readiness', 'liveness'] as const).flatMap((kind) => {
    const own = meansOf(fields, kind);
    return own === undefined ? [] : [completeCheck([kind], own, fields[kind] ?? {}, fields)];
  });
}

function completeCheck(
  kinds: RunningCheck['kinds'],
  means: Means,
  own: ParsedCheck,
  shared: ParsedCheck,
): RunningCheck {
  return {
    kinds,
    means,
    periodMs: own.period ?? shared.period,
    timeoutMs: own.timeout ?? shared.timeout ?? defaults.timeoutMs,
    retries: own.retries ?? shared.retries ?? defaults.retries,
    initialDelayMs: own.initialDelay ?? shared.initialDelay ?? 0,
    failureThreshold: own.failureThreshold ?? shared.failureThreshold ?? defaults.failureThreshold,
    successThreshold: own.successThreshold ?? shared.successThreshold ?? defaults.successThreshold,
  };
}
