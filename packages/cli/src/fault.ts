import type { PromptbinError, PublicError } from '@promptbin/core';

type KnownCode = PromptbinError['code'];
type Facts = ConstructorParameters<typeof PromptbinError>[2];

/** A PromptbinError. Core is loaded here and not above: a client that finds its manager has no need of it. */
export async function fault(code: KnownCode, message: string, facts?: Facts): Promise<PromptbinError> {
  const core = await import('@promptbin/core/views');
  return new core.PromptbinError(code, message, facts);
}

/** The same error on this side of the socket. */
export function rethrown({ code, message, hint }: PublicError): Promise<PromptbinError> {
  return fault(code as KnownCode, message, { hint });
}

/** What of any fault may be shown. */
export function publicError(cause: unknown): PublicError {
  if (cause instanceof Error && 'code' in cause && String(cause.code).startsWith('PB_')) {
    const { code, message, hint } = cause as PromptbinError;
    return hint === undefined ? { code, message } : { code, message, hint };
  }
  return { code: 'PB_COMMAND_FAILED', message: messageOf(cause) };
}

export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
