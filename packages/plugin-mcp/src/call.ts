import {
  type CallOptions,
  type CommandPort,
  type CommandResult,
  PromptbinError,
  type PublicError,
} from '@promptbin/core/views';

/** Calls a command and never rejects: a port that fails is a manager that cannot be reached. */
export async function call(
  port: CommandPort,
  command: string,
  input: unknown,
  options: CallOptions,
): Promise<CommandResult> {
  try {
    return await port.call(command, input, options);
  } catch (fault) {
    return { ok: false, error: unreachable(fault) };
  }
}

/** What a port that fails means to a client. */
export function unreachable(fault: unknown): PublicError {
  if (PromptbinError.is(fault)) return fault.toJSON();
  return {
    code: 'PB_MANAGER_GONE',
    message: `The manager cannot be reached: ${fault instanceof Error ? fault.message : String(fault)}.`,
    hint: 'Call again in a few seconds; if it stays so, run "promptbin up" in the project.',
  };
}
