import { setTimeout as delay } from 'node:timers/promises';
import type { CommandInfo, CommandPort, PublicError } from '@promptbin/core/views';
import { call, unreachable } from './call.ts';
import { choiceCommand } from './choice.ts';
import { type ToolChoice, toolChoice } from './settings.ts';

/**
 * The commands that plugins have added to the manager, and which of them its config lets agents have, as it has told last. While there is no manager they stay what
 * they were: it may come back, and a list that comes and goes would be news to nobody.
 */
export class Catalog {
  readonly #port: CommandPort;
  readonly #onNews: () => void;
  #commands: readonly CommandInfo[] | undefined;
  #choice: ToolChoice = { toolsets: [], readonly: false };
  #fault: PublicError | undefined;
  #isAsking = false;
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

  /** As the config has it; what is usual until a manager has answered. */
  get choice(): ToolChoice {
    return this.#choice;
  }

  get isKnown(): boolean {
    return this.#commands !== undefined;
  }

  /** Asks the manager. One question after the other: an answer must not be overtaken by an older one. Never rejects. */
  refresh(): Promise<void> {
    this.#isAsking = true;
    const asked = this.#last.then(() => this.#ask());
    this.#last = asked;
    void asked.then(() => {
      if (this.#last === asked) this.#isAsking = false;
    });
    return asked;
  }

  /** Resolves when a manager has told its commands, or cannot be reached, or when that takes too long, ms. */
  async known(patienceMs: number): Promise<void> {
    if (!this.isKnown) await this.#within(patienceMs, this.#isAsking ? this.#last : this.refresh());
  }

  /** Asks anew. Resolves with why there is no answer; undefined when there is one. */
  async confirm(patienceMs: number): Promise<PublicError | undefined> {
    if (await this.#within(patienceMs, this.refresh())) return this.#fault;
    const message = `The manager has not told its commands within ${patienceMs} ms.`;
    return { code: 'PB_WAIT_TIMEOUT', message, hint: 'Call again in a few seconds.' };
  }

  async #within(ms: number, asked: Promise<void>): Promise<boolean> {
    const stop = new AbortController();
    const late = delay(ms, false, { ref: false, signal: stop.signal }).catch(() => false);
    try {
      return await Promise.race([asked.then(() => true), late]);
    } finally {
      stop.abort();
    }
  }

  async #ask(): Promise<void> {
    try {
      const commands = await this.#port.commands();
      this.#choice = await this.#askChoice(commands);
      this.#commands = commands.filter(({ plugin }) => plugin !== undefined);
      this.#fault = undefined;
      this.#onNews();
    } catch (fault) {
      this.#fault = unreachable(fault);
    }
  }

  async #askChoice(commands: readonly CommandInfo[]): Promise<ToolChoice> {
    // A manager whose config does not list the plugin leaves it at what is usual.
    if (!commands.some(({ name }) => name === choiceCommand)) return toolChoice.parse({});
    const result = await call(this.#port, choiceCommand, {}, { caller: 'mcp' });
    return toolChoice.parse(result.ok ? result.value : {});
  }
}
