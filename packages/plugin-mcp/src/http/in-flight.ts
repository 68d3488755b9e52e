import type { ServerResponse } from 'node:http';

/** The answers that are on their way. */
export class InFlight {
  readonly #responses = new Set<ServerResponse>();
  #drained = Promise.withResolvers<void>();

  add(response: ServerResponse): void {
    this.#responses.add(response);
    response.once('close', () => {
      this.#responses.delete(response);
      if (this.#responses.size > 0) return;
      this.#drained.resolve();
      this.#drained = Promise.withResolvers();
    });
  }

  /** Resolves when none is left, or after so long, ms. */
  async drained(ms: number): Promise<void> {
    if (this.#responses.size === 0) return;
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, ms);
    await Promise.race([this.#drained.promise, late.promise]);
    clearTimeout(timer);
  }
}
