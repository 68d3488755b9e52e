import type { PublicError } from '@promptbin/core';
import type { Screen } from './screen.ts';

/** What went wrong and what to do about it, for people. */
export function showFailure(screen: Screen, { message, hint }: PublicError): void {
  const { palette } = screen;
  screen.line(`${palette.red('error:')} ${message}`);
  if (hint !== undefined) screen.line(`  ${palette.dim(hint)}`);
}

/** The same for programs. */
export function failureJson({ code, message, hint }: PublicError): object {
  return { version: 1, ok: false, error: hint === undefined ? { code, message } : { code, message, hint } };
}
