/** So many restarts for changed files within a minute are work; one more is a loop. */
const mostRestarts = 10;
const windowMs = 60_000;

/** Whether what a process does upon changes is suspended: it seems to write what it watches. Pure but for its memory. */
export class LoopGuard {
  readonly #times = new Map<string, readonly number[]>();
  readonly #suspended = new Set<string>();

  isSuspended(name: string): boolean {
    return this.#suspended.has(name);
  }

  /**
   * Counts one that is about to follow.
   *
   * @param now monotonic, ms
   * @returns `pass`; `suspend` at the first one too many; `suspended` from then on
   */
  admit(name: string, now: number): 'pass' | 'suspend' | 'suspended' {
    if (this.#suspended.has(name)) return 'suspended';
    const recent = (this.#times.get(name) ?? []).filter((time) => now - time < windowMs);
    if (recent.length >= mostRestarts) {
      this.#suspended.add(name);
      return 'suspend';
    }
    this.#times.set(name, [...recent, now]);
    return 'pass';
  }

  /** What has followed so far was wanted. */
  forgive(name: string): void {
    this.#times.delete(name);
  }

  /** Begins anew. */
  resume(name: string): void {
    this.#times.delete(name);
    this.#suspended.delete(name);
  }
}
