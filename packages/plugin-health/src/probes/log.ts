import type { LogMeans } from './means.ts';
import { type Attempt, CheckFailure, type Probe, type Subject } from './probe.ts';
import { seconds, unlessAborted, within } from './within.ts';

/** From one look to the next, ms: who writes without end must cost no more than who writes now and then. */
const restMs = 100;

/** Reads along with the output of one incarnation, from its spawn on, so that no line is missed between two checks. */
export class LogWatch implements Disposable {
  readonly #over = new AbortController();
  readonly #first = Promise.withResolvers<void>();
  #seenAt: number | undefined;
  #fault: unknown;

  constructor(means: LogMeans, subject: Pick<Subject, 'name' | 'clock' | 'output'>) {
    void this.#watch(means, subject).catch((fault: unknown) => {
      this.#fault = fault;
    });
  }

  /** When the newest line that matches was seen, by the monotonic clock, ms. @throws why nothing can be seen */
  get seenAt(): number | undefined {
    if (this.#fault !== undefined) throw this.#fault;
    return this.#seenAt;
  }

  /** Resolves when there has been one that matches. */
  get first(): Promise<void> {
    return this.#first.promise;
  }

  [Symbol.dispose](): void {
    this.#over.abort();
  }

  async #watch({ pattern, withinMs }: LogMeans, { name, clock, output }: Pick<Subject, 'name' | 'clock' | 'output'>) {
    const { signal } = this.#over;
    try {
      for (let after = 0; ; ) {
        // Only the newest one matters, so those that were there when this one was found need not be found any more.
        ({ cursor: after } = await output.waitFor(name, pattern, { signal, after }));
        this.#seenAt = clock.now();
        this.#first.resolve();
        if (withinMs === undefined) return;
        await clock.sleep(restMs, signal);
      }
    } catch (fault) {
      if (!signal.aborted) throw fault;
    }
  }
}

/** Good when a line of output matches that has been written since the spawn or, with `within`, in that time. */
export class LogProbe implements Probe {
  readonly #means: LogMeans;
  readonly #subject: Subject;
  readonly #watch: LogWatch;
  /** Until when no line is needed yet, by the monotonic clock, ms. */
  readonly #graceUntil: number;

  /** @param watch its owner ends it */
  constructor(means: LogMeans, subject: Subject, watch: LogWatch, isLenient: boolean) {
    this.#means = means;
    this.#subject = subject;
    this.#watch = watch;
    this.#graceUntil = isLenient ? subject.clock.now() + (means.withinMs ?? 0) : Number.NEGATIVE_INFINITY;
  }

  awaited(): string {
    return this.#failure().message;
  }

  async attempt(attempt: Attempt): Promise<void> {
    const { clock } = this.#subject;
    const { withinMs = Number.POSITIVE_INFINITY } = this.#means;
    if (this.#watch.seenAt === undefined) {
      if (clock.now() <= this.#graceUntil) return;
      await within(
        clock,
        attempt,
        () => this.#failure(),
        (signal) => unlessAborted(this.#watch.first, signal),
      );
    }
    const { seenAt = Number.NEGATIVE_INFINITY } = this.#watch;
    if (clock.now() > Math.max(seenAt + withinMs, this.#graceUntil)) throw this.#failure();
  }

  [Symbol.dispose](): void {}

  #failure(): CheckFailure {
    const { pattern, withinMs } = this.#means;
    const what = `line with ${typeof pattern === 'string' ? JSON.stringify(pattern) : String(pattern)}`;
    const { seenAt } = this.#watch;
    if (seenAt === undefined || withinMs === undefined) return new CheckFailure('no such line yet', `no ${what} yet`);
    const age = seconds(this.#subject.clock.now() - seenAt);
    return new CheckFailure(`no line for ${age}`, `no ${what} for ${age}, expected one every ${seconds(withinMs)}`);
  }
}
