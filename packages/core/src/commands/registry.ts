import * as z from 'zod';
import { nearest } from '../config/suggest.ts';
import type { Command, CommandInfo, CommandResult } from '../contract/commands.ts';
import { messageOf, PromptbinError } from '../errors/error.ts';
import type { Redactor } from '../secrets/redactor.ts';

/** The one list of what may be asked of a manager. */
export class CommandRegistry {
  readonly #commands = new Map<string, Command>();
  readonly #closing: AbortSignal;
  readonly #redactor: Redactor;

  /**
   * @param closing once aborted, only `read` commands and `manager.stop` are taken
   * @param redactor keeps secrets out of every answer
   */
  constructor(closing: AbortSignal, redactor: Redactor) {
    this.#closing = closing;
    this.#redactor = redactor;
  }

  /**
   * @returns what takes it out again
   * @throws PromptbinError `PB_COMMAND_DUPLICATE`
   */
  add(command: Command, owner: string): Disposable {
    if (this.#commands.has(command.name)) {
      throw new PromptbinError('PB_COMMAND_DUPLICATE', `There is a command "${command.name}" already.`, {
        plugin: owner,
      });
    }
    this.#commands.set(command.name, command);
    return { [Symbol.dispose]: () => void this.#commands.delete(command.name) };
  }

  list(): readonly CommandInfo[] {
    return [...this.#commands.values()].map(({ name, summary, effect, tool, input }) => ({
      name,
      summary,
      effect,
      ...(tool === undefined ? {} : { tool }),
      input: z.toJSONSchema(input, { io: 'input' }) as Readonly<Record<string, unknown>>,
    }));
  }

  /** Never rejects. */
  async call(
    name: string,
    input: unknown,
    call: { readonly caller: string; readonly signal?: AbortSignal },
  ): Promise<CommandResult> {
    return this.#redactor.redactAll(await this.#answer(name, input, call));
  }

  async #answer(
    name: string,
    input: unknown,
    call: { readonly caller: string; readonly signal?: AbortSignal },
  ): Promise<CommandResult> {
    try {
      const command = this.#find(name);
      if (this.#closing.aborted && command.effect !== 'read' && name !== 'manager.stop') {
        throw new PromptbinError('PB_MANAGER_CLOSED', `The manager is stopping and does not take "${name}".`);
      }
      const parsed = command.input.safeParse(input ?? {});
      if (!parsed.success) {
        throw new PromptbinError('PB_COMMAND_INPUT', `Input of "${name}": ${z.prettifyError(parsed.error)}`);
      }
      const signal = call.signal ?? new AbortController().signal;
      return { ok: true, value: await command.run(parsed.data, { caller: call.caller, signal }) };
    } catch (fault) {
      if (!PromptbinError.is(fault)) {
        return { ok: false, error: { code: 'PB_COMMAND_FAILED', message: `"${name}" failed: ${messageOf(fault)}` } };
      }
      const { code, message, hint, details } = fault;
      return {
        ok: false,
        error: { code, message, ...(hint === undefined ? {} : { hint }) },
        ...(details === undefined ? {} : { value: details }),
      };
    }
  }

  #find(name: string): Command {
    const command = this.#commands.get(name);
    if (command !== undefined) return command;
    const names = [...this.#commands.keys()];
    const similar = nearest(name, names);
    throw new PromptbinError('PB_COMMAND_UNKNOWN', `There is no command "${name}".`, {
      hint: similar === undefined ? `Use one of: ${names.join(', ')}.` : `Did you mean "${similar}"?`,
    });
  }
}
