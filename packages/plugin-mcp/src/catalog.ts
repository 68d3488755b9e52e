import { setTimeout as delay } from 'node:timers/promises';
import type { CommandInfo, CommandPort, PublicError } from '@promptbin/core/views';
import { unreachable } from './call.ts';

/** How long a client that asks for a list waits for a manager that is on its way, ms. */
const patienceMs = 2000;

/**
 * The commands that plugins have added to the manager, as it has told them last. While there is no manager they stay what
 * they were: it may come back, and a list that comes and goes would be news to nobody.
 */
export class Catalog {
  readonly #port: CommandPort;
  readonly #onNews: () => void;
  #commands: readonly CommandInfo[] | undefined;
  #fault: PublicError | undefined;
  #asking = 0;
  #last: Promise<void> = Promise.resolve();

  /** @param onNews called after each answer of the manager, whether it says anything new or not */
  constructor(port: CommandPort, onNews: () => void) {
    this.#port = port;
    this.#onNews = onNews;
  }

  /** Empty until a manager has answered. */
  get commands(): readonly CommandInfo[] {
    return this.#commands ?? [];
  }

  get isKnown(): boolean {
    return this.#commands !== undefined;
  }

  /** Why the manager did not answer when it was asked last. */
  get fault(): PublicError | undefined {
    return this.#fault;
  }

  /** Asks the manager. One question after the other: an answer must not be overtaken by an older one. Never rejects. */
  refresh(): Promise<void> {
    this.#asking += 1;
    this.#last = this.#last.then(() => this.#ask());
    return this.#last;
  }

  /** Resolves when the commands are known, or when that takes longer than a client likes to wait. */
  async known(): Promise<void> {
    if (this.isKnown) return;
    const asked = this.#asking > 0 ? this.#last : this.refresh();
    await Promise.race([asked, delay(patienceMs, undefined, { ref: false })]);
  }

  async #ask(): Promise<void> {
    try {
      const commands = await this.#port.commands();
      this.#commands = commands.filter(({ plugin }) => plugin !== undefined);
      this.#fault = undefined;
      this.#onNews();
    } catch (fault) {
      this.#fault = unreachable(fault);
    } finally {
      this.#asking -= 1;
    }
  }
}
