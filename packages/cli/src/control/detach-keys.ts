import { fault } from '../fault.ts';

/** As docker has them. */
export const usualDetachKeys = 'ctrl-p,ctrl-q';

/**
 * The bytes of keys such as `ctrl-p,ctrl-q` or `ctrl-],q`.
 *
 * @throws PromptbinError `PB_COMMAND_INPUT`
 */
export async function parseKeys(text: string): Promise<readonly number[]> {
  const keys = text.split(',').map((key) => {
    const [, control] = /^ctrl-([a-z@[\]\\^_])$/.exec(key) ?? [];
    if (control !== undefined) return control.toUpperCase().charCodeAt(0) - 64;
    return /^[\x21-\x7e]$/.test(key) ? key.charCodeAt(0) : undefined;
  });
  if (keys.every((key) => key !== undefined)) return keys;
  throw await fault('PB_COMMAND_INPUT', `--detach-keys is "${text}", which are no keys.`, {
    hint: 'Write them as ctrl-p,ctrl-q: letters, digits, or ctrl- and a letter or one of @[\\]^_.',
  });
}

/** Looks for some keys in what is typed, which go to nobody when all of them have come one after the other. */
export class DetachKeys {
  readonly #keys: readonly number[];
  /** How many of them have come. */
  #found = 0;

  constructor(keys: readonly number[]) {
    this.#keys = keys;
  }

  /** What of `typed` is for the program; undefined when the keys are complete. */
  push(typed: Uint8Array): Uint8Array | undefined {
    const passed: number[] = [];
    for (const byte of typed) {
      if (byte !== this.#keys[this.#found]) {
        // They were not meant so.
        passed.push(...this.#keys.slice(0, this.#found));
        this.#found = 0;
      }
      if (byte === this.#keys[this.#found]) this.#found += 1;
      else passed.push(byte);
      if (this.#found === this.#keys.length) return undefined;
    }
    return Uint8Array.from(passed);
  }
}
