/** One check with every default filled in. */
export interface Check {
  readonly http: {
    readonly path: string;
    readonly status?: readonly number[] | undefined;
    readonly json?: Readonly<Record<string, unknown>> | undefined;
  };
  readonly timeoutMs: number;
  readonly retries: number;
  readonly initialDelayMs: number;
}

/** `readiness` speaks about the condition `ready`, `liveness` about `healthy`. */
export type Kind = 'readiness' | 'liveness';

/** A check of a running process, and what its outcome says. */
export interface RunningCheck extends Check {
  /** Undefined: as `shared` of the config says, at any time. */
  readonly periodMs?: number | undefined;
  readonly kinds: readonly Kind[];
  readonly failureThreshold: number;
  readonly successThreshold: number;
}

export interface StartupCheck extends Check {
  readonly periodMs: number;
  readonly failureThreshold?: number | undefined;
}

/** What is to be checked of one process. */
export interface HealthPlan {
  readonly port?: number | undefined;
  /** Absent when only the liveness is checked. */
  readonly startup?: StartupCheck | undefined;
  readonly running: readonly RunningCheck[];
}

/** Zod schemas as parsed: durations in ms, a plain path made an object, what was left out still left out. */
interface ParsedCheck {
  readonly http?: Check['http'] | undefined;
  readonly period?: number | undefined;
  readonly timeout?: number | undefined;
  readonly retries?: number | undefined;
  readonly failureThreshold?: number | undefined;
  readonly successThreshold?: number | undefined;
  readonly initialDelay?: number | undefined;
}

export interface ParsedFields extends ParsedCheck {
  readonly port?: number | undefined;
  readonly startup?: Omit<ParsedCheck, 'retries' | 'successThreshold'> | undefined;
  readonly readiness?: ParsedCheck | undefined;
  readonly liveness?: ParsedCheck | undefined;
}

interface Mistake {
  readonly path: string[];
  readonly message: string;
}

/** The plan that the fields of a process ask for, or what is missing in them. */
export function completePlan(fields: ParsedFields): { plan: HealthPlan } | { mistake: Mistake } {
  const { startup, readiness, liveness } = fields;
  const running: RunningCheck[] = [];
  if (readiness === undefined && liveness === undefined) {
    if (fields.http === undefined) return missing('http', 'expected "http", "readiness" or "liveness"');
    // One request answers both questions.
    running.push(completeCheck(['readiness', 'liveness'], { http: fields.http }, fields));
  } else {
    for (const [kind, own] of [
      ['readiness', readiness],
      ['liveness', liveness],
    ] as const) {
      const http = own?.http ?? fields.http;
      if (http !== undefined) running.push(completeCheck([kind], { ...own, http }, fields));
      else if (own !== undefined) return missing(`${kind}.http`, 'expected a path, such as "/health"');
    }
  }
  const http = startup?.http ?? readiness?.http ?? fields.http;
  if (http === undefined) {
    if (startup !== undefined) return missing('startup.http', 'expected a path, such as "/health"');
    return { plan: { port: fields.port, running } };
  }
  return {
    plan: {
      port: fields.port,
      startup: {
        http,
        periodMs: startup?.period ?? 250,
        timeoutMs: startup?.timeout ?? fields.timeout ?? 2000,
        // The next poll is the retry.
        retries: 0,
        initialDelayMs: startup?.initialDelay ?? 0,
        failureThreshold: startup?.failureThreshold,
      },
      running,
    },
  };
}

function completeCheck(
  kinds: readonly Kind[],
  own: ParsedCheck & { readonly http: Check['http'] },
  shared: ParsedCheck,
): RunningCheck {
  return {
    kinds,
    http: own.http,
    periodMs: own.period ?? shared.period,
    timeoutMs: own.timeout ?? shared.timeout ?? 2000,
    retries: own.retries ?? shared.retries ?? 2,
    initialDelayMs: own.initialDelay ?? shared.initialDelay ?? 0,
    failureThreshold: own.failureThreshold ?? shared.failureThreshold ?? 3,
    successThreshold: own.successThreshold ?? shared.successThreshold ?? 1,
  };
}

function missing(key: string, message: string): { mistake: Mistake } {
  return { mistake: { path: key.split('.'), message } };
}
