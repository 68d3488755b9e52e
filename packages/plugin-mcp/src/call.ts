import { type CommandPort, type CommandResult, type CommandSpec, PromptbinError } from '@promptbin/core/views';

export interface CallOptions {
  readonly caller: string;
  readonly signal?: AbortSignal;
}

/** Calls a command and never rejects: a port that fails is a manager that cannot be reached. */
export async function call(
  port: CommandPort,
  spec: CommandSpec,
  input: unknown,
  options: CallOptions,
): Promise<CommandResult> {
  try {
    return await port.call(spec.name, input, options);
  } catch (fault) {
    if (PromptbinError.is(fault)) return { ok: false, error: fault.toJSON() };
    return {
      ok: false,
      error: {
        code: 'PB_MANAGER_GONE',
        message: `The manager cannot be reached: ${fault instanceof Error ? fault.message : String(fault)}.`,
        hint: 'Call again in a few seconds; if it stays so, run "promptbin up" in the project.',
      },
    };
  }
}
