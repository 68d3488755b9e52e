import type { SupervisorHost } from './supervisor-host.ts';

/** The wait before a retry. */
export class Backoff {
  readonly #host: Pick<SupervisorHost, 'clock' | 'post'>;
  #timer: Disposable | undefined;

  constructor(host: Pick<SupervisorHost, 'clock' | 'post'>) {
    this.#host = host;
  }

  /** Without a delay it goes on in this very turn. */
  begin(delayMs: number, retry: () => void): void {
    const { clock, post } = this.#host;
    if (delayMs === 0) retry();
    else this.#timer = clock.after(delayMs, () => post(retry));
  }

  cancel(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }
}
