import type { Writable } from 'node:stream';
import type { Clock } from '../contract/clock.ts';
import type { RunningChild } from '../contract/runner.ts';
import { PromptbinError } from '../errors/error.ts';

/** How long a child may take to make room for what is written, ms. */
const patienceMs = 1000;

/** The stdin of a child that has a pipe as such. Nobody waits for it for long, and nothing is piled up. */
export class ChildInput {
  readonly #stream: Writable;
  readonly #name: string;
  readonly #clock: Clock;

  constructor(stream: Writable, name: string, clock: Clock) {
    this.#stream = stream;
    this.#name = name;
    this.#clock = clock;
    // Who has closed its end is told so at the next write; without a listener it would end the manager.
    stream.on('error', () => undefined);
  }

  /**
   * Resolves when the pipe has taken it.
   *
   * @throws PromptbinError `PB_INPUT_REFUSED` when the child has closed its end, or does not read
   */
  async write(text: string): Promise<void> {
    if (!this.#stream.writable) throw this.#closed();
    // What is queued now was not read within the patience of an earlier write.
    if (this.#stream.writableLength > 0)
      throw this.#full('nothing more is taken until it has read what was written before');
    const written = Promise.withResolvers<void>();
    using _ = this.#clock.after(patienceMs, () => {
      written.reject(this.#full('the pipe is full, and the rest waits in it until it reads on'));
    });
    this.#stream.write(text, (fault) => {
      if (fault) written.reject(this.#closed());
      else written.resolve();
    });
    await written.promise;
  }

  close(): void {
    this.#stream.destroy();
  }

  #closed(): PromptbinError {
    return new PromptbinError('PB_INPUT_REFUSED', `"${this.#name}" has closed its stdin.`, {
      process: this.#name,
      hint: 'Restart the process to get another one.',
    });
  }

  #full(what: string): PromptbinError {
    return new PromptbinError('PB_INPUT_REFUSED', `"${this.#name}" does not read its stdin: ${what}.`, {
      process: this.#name,
      hint: 'Read its output: it may be busy, or read no input at all.',
    });
  }
}

/**
 * Writes to the stdin of a leader.
 *
 * @param name of the process
 * @throws PromptbinError `PB_PROCESS_DOWN` when there is none, `PB_INPUT_REFUSED`
 */
export async function writeTo(
  child: Pick<RunningChild, 'alive' | 'write'> | undefined,
  name: string,
  text: string,
): Promise<void> {
  if (!child?.alive) {
    throw new PromptbinError('PB_PROCESS_DOWN', `"${name}" is not up.`, { process: name, hint: 'Start it first.' });
  }
  if (child.write === undefined) {
    const message = `"${name}" takes no input: it has no pipe as its stdin, and no terminal.`;
    const hint = `Set "stdin" of "${name}" to "pipe" in the config.`;
    throw new PromptbinError('PB_INPUT_REFUSED', message, { process: name, hint });
  }
  await child.write(text);
}
