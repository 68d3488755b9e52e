import type { Redactor } from './redactor.ts';
import { replaceSecrets } from './search.ts';

const nothing: Buffer = Buffer.alloc(0);
const newline = 10;

/** Takes the secrets out of a stream of bytes, also one that is spread over several chunks. */
export class Scrubber {
  readonly #redactor: Redactor;
  #held: Buffer = nothing;

  constructor(redactor: Redactor) {
    this.#redactor = redactor;
  }

  /** What is held back, because it may be the beginning of a secret: shorter than the longest one. */
  get held(): Uint8Array {
    return this.#held;
  }

  /** Whether lines that have ended are held back: the first ones of a secret of several lines look so. */
  get holdsLine(): boolean {
    return this.#held.includes(newline);
  }

  /** What can be passed on. */
  push(chunk: Uint8Array): Uint8Array {
    const { secrets } = this.#redactor;
    if (secrets === undefined && this.#held.length === 0) return chunk;
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    const data = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    if (secrets === undefined) return this.#pass(data, nothing);
    const { clean, held } = replaceSecrets(data, secrets, false);
    return this.#pass(clean, held);
  }

  /** What is held, without the secrets that are whole in it: nothing will follow that belongs to it. */
  flush(): Uint8Array {
    const { secrets } = this.#redactor;
    return this.#pass(secrets === undefined ? this.#held : replaceSecrets(this.#held, secrets, true).clean, nothing);
  }

  #pass(clean: Buffer, held: Buffer): Buffer {
    // A copy, so that a few bytes do not keep a whole chunk in memory.
    this.#held = held.length === 0 ? nothing : Buffer.from(held);
    return clean;
  }
}
