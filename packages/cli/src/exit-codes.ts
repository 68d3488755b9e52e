export const exitCodes = { done: 0, unreached: 1, usage: 2, gone: 3 } as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** That of another program, which is passed on. */
export type ForeignCode = number;

const usage =
  /^PB_(CONFIG|CONFIGURE|PLUGIN|PATTERN|SERVICE|COMMAND_DUPLICATE|COMMAND_INPUT|(COMMAND|PROCESS|RESOURCE)_UNKNOWN|PROJECT|INIT)/;

/** What a script can act on: nobody is there, what was written or typed is wrong, or what was asked for has not come about. */
export function exitCodeOf({ code, details }: { readonly code: string; readonly details?: unknown }): ExitCode {
  if (code === 'PB_MANAGER_GONE') return exitCodes.gone;
  // What the manager in the background ended with is what it would have ended with here.
  const ofManager = code === 'PB_MANAGER_START' && (details as { exitCode?: unknown } | undefined)?.exitCode;
  return ofManager === exitCodes.usage || usage.test(code) ? exitCodes.usage : exitCodes.unreached;
}
