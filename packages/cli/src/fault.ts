import type { ConfigIssue, PromptbinError, PublicError } from '@promptbin/core';

type KnownCode = PromptbinError['code'];
type Facts = ConstructorParameters<typeof PromptbinError>[2];

/** A PromptbinError. Core is loaded here and not above: a client that finds its manager has no need of it. */
export async function fault(code: KnownCode, message: string, facts?: Facts): Promise<PromptbinError> {
  const core = await import('@promptbin/core/words');
  return new core.PromptbinError(code, message, facts);
}

/** The same error on this side of the socket. */
export function rethrown({ code, message, hint }: PublicError, details?: unknown): Promise<PromptbinError> {
  return fault(code as KnownCode, message, { hint, details });
}

/** The mistakes in a config that an error is made of, each with its place. */
export function issuesOf(cause: unknown): readonly ConfigIssue[] | undefined {
  const { details } = Object(cause) as Partial<PromptbinError>;
  return Array.isArray(details) && details.length > 0 && details.every(isIssue) ? details : undefined;
}

function isIssue(detail: unknown): detail is ConfigIssue {
  return typeof detail === 'object' && detail !== null && 'path' in detail && 'message' in detail;
}

/** What of any fault may be shown. */
export function publicError(cause: unknown): PublicError {
  const { code, message, hint } = Object(cause) as Partial<PublicError>;
  if (code?.startsWith?.('PB_') && message !== undefined) return { code, message, ...(hint !== undefined && { hint }) };
  return { code: 'PB_COMMAND_FAILED', message: messageOf(cause) };
}

export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
