import { emitKeypressEvents, type Key } from 'node:readline';
import type { ReadStream } from 'node:tty';

/** The keys of a terminal one by one, and not a line at a time, until it is disposed of. */
export class Keyboard implements Disposable {
  readonly #stdin: ReadStream;
  readonly #heard: (text: string | undefined, key: Key) => void;

  /** @param press hears `up`, `escape`, `return`, `q`, `?`, and `ctrl-c`, which ends nobody any more */
  constructor(stdin: ReadStream, press: (key: string) => void) {
    this.#stdin = stdin;
    this.#heard = (text, { name, ctrl }) => {
      const key = name ?? text;
      if (key !== undefined) press(ctrl ? `ctrl-${key}` : key);
    };
    emitKeypressEvents(stdin);
    stdin.setRawMode(true);
    stdin.on('keypress', this.#heard).resume();
  }

  [Symbol.dispose](): void {
    this.#stdin.off('keypress', this.#heard).pause();
    this.#stdin.setRawMode(false);
  }
}
