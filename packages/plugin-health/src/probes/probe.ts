import type { Clock, ExecService, NetworkService, OutputService, ProcessView, ResolvedProcess } from '@promptbin/core';

/** A check that did not pass. */
export class CheckFailure extends Error {
  /** In a few words; `message` is a sentence. */
  readonly brief: string;
  /** No further try can pass: it counts at once, whatever the threshold. */
  readonly isFinal: boolean;
  constructor(brief: string, message: string = brief, { isFinal = false }: { readonly isFinal?: boolean } = {}) {
    super(message);
    this.brief = brief;
    this.isFinal = isFinal;
  }
}

/** The incarnation that a probe looks at, and what it may use. */
export interface Subject {
  readonly name: string;
  readonly generation: number;
  readonly settings: ResolvedProcess;
  /** The folder of the config: relative paths start here. */
  readonly root: string;
  readonly clock: Clock;
  readonly network: NetworkService;
  readonly exec: ExecService;
  readonly output: Pick<OutputService, 'waitFor'>;
  /** As it is now: `port` and `url` follow where the process really listens. */
  view(): ProcessView;
}

export interface Attempt {
  /** For the whole attempt, ms. */
  readonly timeoutMs: number;
  /** Aborted when nobody needs the answer any more. */
  readonly signal: AbortSignal;
}

/** One way to ask an incarnation how it is. Never asked twice at the same time. */
export interface Probe extends Disposable {
  /** What the process says of itself, for people: `STATUS=` of sd_notify. */
  readonly told?: string | undefined;
  /**
   * What an attempt that is called off after `ms` has waited for, such as `GET http://127.0.0.1:5000/ has not been answered for
   * 1.2 s`. Undefined when it has asked nobody yet. Absent where answers do not take time.
   */
  awaited?(ms: number): string | undefined;
  /** Set by who asks: called when the answer may have changed, so that it is worth asking before the period is over. */
  onNews?: (() => void) | undefined;
  /**
   * Resolves at a good answer, within the timeout.
   *
   * @throws CheckFailure; the reason of the signal when that aborts
   */
  attempt(attempt: Attempt): Promise<void>;
}
