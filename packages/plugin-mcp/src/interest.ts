/** Which resources a client wants to hear of. */
export class Interest {
  readonly #uris = new Set<string>();
  readonly #sdkFilters: boolean;
  #listening = 0;
  #changed = Promise.withResolvers<void>();

  /** @param era in the modern one the SDK knows what is wanted, and drops what nobody has asked for */
  constructor(era: 'legacy' | 'modern') {
    this.#sdkFilters = era === 'modern';
  }

  add(uri: string): void {
    this.#uris.add(uri);
    this.#tell();
  }

  delete(uri: string): void {
    this.#uris.delete(uri);
  }

  /** A client of the modern era listens, until what this gives is disposed of. */
  listen(): Disposable {
    this.#listening += 1;
    this.#tell();
    return {
      [Symbol.dispose]: () => {
        this.#listening -= 1;
      },
    };
  }

  wants(uri: string): boolean {
    return this.#sdkFilters || this.#uris.has(uri);
  }

  /** Whether it may want to hear of output: finding that out is not free. */
  get wantsLogs(): boolean {
    return this.#listening > 0 || [...this.#uris].some((uri) => uri.endsWith('/logs'));
  }

  /** Resolves when more is wanted than now. */
  more(): Promise<void> {
    return this.#changed.promise;
  }

  #tell(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
