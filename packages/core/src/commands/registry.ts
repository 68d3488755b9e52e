import * as z from 'zod';
import { nearest } from '../config/suggest.ts';
import type { CallOptions, Command, CommandInfo, CommandResult } from '../contract/commands.ts';
import type { EventMap } from '../contract/events.ts';
import { messageOf, PromptbinError } from '../errors/error.ts';
import type { Redactor } from '../secrets/redactor.ts';
import { auditedInput } from './audit.ts';
import { fieldsOf, infoOf } from './info.ts';

interface Entry {
  readonly command: Command;
  /** Who has added it; undefined for core. */
  readonly plugin: string | undefined;
  info: CommandInfo | undefined;
}

export interface RegistryHost {
  /** Once aborted, only `read` commands and `manager.stop` are taken. */
  readonly closing: AbortSignal;
  /** Keeps secrets out of every answer. */
  readonly redactor: Redactor;
  /** Monotonic, ms. */
  now(): number;
  /** Hears of each call that was not for reading, when it has been answered. */
  audit(call: EventMap['command.called']): void;
}

/** The one list of what may be asked of a manager. */
export class CommandRegistry {
  readonly #entries = new Map<string, Entry>();
  readonly #host: RegistryHost;

  constructor(host: RegistryHost) {
    this.#host = host;
  }

  /**
   * @param plugin who adds it; undefined for core
   * @returns what takes it out again
   * @throws PromptbinError `PB_COMMAND_DUPLICATE`, `PB_COMMAND_INVALID`
   */
  add(command: Command, plugin?: string): Disposable {
    for (const entry of this.#entries.values()) refuseSame(entry, command, plugin);
    // Core's own are known to be right, and a manager that starts has no time to describe them.
    const info = plugin === undefined ? undefined : infoOf(command, plugin);
    this.#entries.set(command.name, { command, plugin, info });
    return { [Symbol.dispose]: () => void this.#entries.delete(command.name) };
  }

  list(): readonly CommandInfo[] {
    return [...this.#entries.values()].map(described);
  }

  /** Never rejects. */
  async call(name: string, input: unknown, call: CallOptions): Promise<CommandResult> {
    const began = this.#host.now();
    // Before it runs: a reload may take out the very command that has asked for it.
    const { effect } = this.#entries.get(name)?.command ?? { effect: 'read' };
    const result = await this.#answer(name, input, call);
    if (effect !== 'read') {
      this.#host.audit({
        command: name,
        caller: call.caller,
        input: auditedInput(input, this.#host.redactor),
        ok: result.ok,
        ...(result.ok ? {} : { code: result.error.code }),
        tookMs: this.#host.now() - began,
      });
    }
    return this.#host.redactor.redactAll(result);
  }

  async #answer(
    name: string,
    input: unknown,
    { caller, signal = new AbortController().signal, confirmed = true }: CallOptions,
  ): Promise<CommandResult> {
    try {
      const entry = this.#find(name);
      const { command } = entry;
      if (this.#host.closing.aborted && command.effect !== 'read' && name !== 'manager.stop') {
        throw new PromptbinError('PB_MANAGER_CLOSED', `The manager is stopping and does not take "${name}".`);
      }
      const parsed = command.input.safeParse(input ?? {});
      if (!parsed.success) throw misfit(described(entry), parsed.error);
      const value = await command.run(parsed.data, { caller, signal, confirmed });
      judge(command, parsed.data, value);
      return { ok: true, value };
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

  #find(name: string): Entry {
    const entry = this.#entries.get(name);
    if (entry !== undefined) return entry;
    const names = [...this.#entries.keys()];
    const similar = nearest(name, names);
    throw new PromptbinError('PB_COMMAND_UNKNOWN', `There is no command "${name}".`, {
      hint: similar === undefined ? `Use one of: ${names.join(', ')}.` : `Did you mean "${similar}"?`,
    });
  }
}

/** @throws PromptbinError `PB_COMMAND_DUPLICATE` when both would answer to one name, of whatever kind */
function refuseSame({ command: other, plugin: owner }: Entry, command: Command, plugin: string | undefined): void {
  const names: readonly (readonly [what: string, name: string | undefined, taken: string | undefined])[] = [
    ['command', command.name, other.name],
    ['tool', command.tool, other.tool],
    ['resource', command.resource?.uri, other.resource?.uri],
  ];
  const [what, name] = names.find(([, one, taken]) => one !== undefined && one === taken) ?? [];
  if (what === undefined) return;
  const holder = owner === undefined ? 'promptbin itself' : `plugin "${owner}"`;
  throw new PromptbinError(
    'PB_COMMAND_DUPLICATE',
    `The ${what} "${name}" of plugin "${plugin}" is there already: ${holder} has it as "${other.name}".`,
    { plugin },
  );
}

function described(entry: Entry): CommandInfo {
  entry.info ??= infoOf(entry.command, entry.plugin);
  return entry.info;
}

function misfit({ name, input }: CommandInfo, error: z.ZodError): PromptbinError {
  const fields = fieldsOf(input);
  const [stray = ''] = error.issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : []));
  const similar = nearest(stray, fields);
  const known = fields.length === 0 ? 'Give it no input.' : `Its fields: ${fields.join(', ')}.`;
  return new PromptbinError('PB_COMMAND_INPUT', `Input of "${name}": ${z.prettifyError(error)}`, {
    hint: similar === undefined ? known : `Did you mean "${similar}"? ${known}`,
  });
}

/** @throws PromptbinError `PB_RESOURCE_UNKNOWN`, `PB_COMMAND_FAILED` */
function judge({ name, resource, output }: Command, input: unknown, value: unknown): void {
  if (resource !== undefined && value === undefined) {
    throw new PromptbinError('PB_RESOURCE_UNKNOWN', `"${name}" knows of nothing with ${JSON.stringify(input)}.`);
  }
  const judged = output?.safeParse(value);
  if (judged === undefined || judged.success) return;
  throw new PromptbinError(
    'PB_COMMAND_FAILED',
    `"${name}" has answered what its output does not allow: ${z.prettifyError(judged.error)}`,
  );
}
