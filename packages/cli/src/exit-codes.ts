import type { PublicError } from '@promptbin/core';

export const exitCodes = { done: 0, unreached: 1, usage: 2, gone: 3 } as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What a script can act on: nobody is there, what was written or typed is wrong, or what was asked for did not come about. */
export function exitCodeOf({ code }: PublicError): ExitCode {
  if (code === 'PB_MANAGER_GONE') return exitCodes.gone;
  return /^PB_(CONFIG|CONFIGURE|PLUGIN|SERVICE|COMMAND_DUPLICATE|COMMAND_INPUT|COMMAND_UNKNOWN|PROCESS_UNKNOWN|PROJECT)/.test(
    code,
  )
    ? exitCodes.usage
    : exitCodes.unreached;
}
