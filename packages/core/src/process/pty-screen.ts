import type { ChildTerminal, TerminalSize } from '../contract/runner.ts';

/** So much of what was shown is kept for whoever attaches, bytes. */
const keptBytes = 16 * 1024;

/** Our end of a pseudo terminal. */
interface Master {
  write(data: Uint8Array): void;
  resize(columns: number, rows: number): void;
}

/** What a process in a terminal shows, for those who look at it. */
export class PtyScreen implements ChildTerminal {
  readonly ended: Promise<void>;
  readonly #pty: Master;
  readonly #viewers = new Set<(chunk: Uint8Array) => void>();
  readonly #end = Promise.withResolvers<void>();
  #shown: Uint8Array[] = [];
  #length = 0;
  #isOver = false;

  constructor(pty: Master) {
    this.#pty = pty;
    this.ended = this.#end.promise;
  }

  write(data: Uint8Array): void {
    if (!this.#isOver) this.#pty.write(data);
  }

  resize({ columns, rows }: TerminalSize): void {
    if (!this.#isOver) this.#pty.resize(columns, rows);
  }

  view(onChunk: (chunk: Uint8Array) => void): Disposable {
    for (const chunk of this.#shown) onChunk(chunk);
    this.#viewers.add(onChunk);
    return { [Symbol.dispose]: () => this.#viewers.delete(onChunk) };
  }

  show(chunk: Uint8Array): void {
    this.#shown.push(chunk);
    this.#length += chunk.length;
    while (this.#length > keptBytes && this.#shown.length > 1) this.#length -= this.#shown.shift()?.length ?? 0;
    for (const view of this.#viewers) view(chunk);
  }

  end(): void {
    this.#isOver = true;
    this.#end.resolve();
  }
}
