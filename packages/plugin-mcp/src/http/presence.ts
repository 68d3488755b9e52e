/** Keeps whoever it is about from ending for want of clients, until it is disposed of. */
export type Join = () => Disposable;

/**
 * Clients without a session: they are there while they ask, and for a while longer, for between two requests of such a
 * client there is nothing of it.
 */
export class Visits implements Disposable {
  readonly #join: Join;
  readonly #lingerMs: number;
  #open = 0;
  #joined: Disposable | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(join: Join, lingerMs: number) {
    this.#join = join;
    this.#lingerMs = lingerMs;
  }

  begin(): void {
    this.#open += 1;
    clearTimeout(this.#timer);
    this.#joined ??= this.#join();
  }

  end(): void {
    this.#open -= 1;
    if (this.#open === 0) this.#timer = setTimeout(() => this[Symbol.dispose](), this.#lingerMs).unref();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#joined?.[Symbol.dispose]();
    this.#joined = undefined;
  }
}
