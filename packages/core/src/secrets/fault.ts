import { messageOf, PromptbinError } from '../errors/error.ts';
import type { Redactor } from './redactor.ts';

/** The error without secrets; the very same one when there are none in it. */
export function redactFault(fault: unknown, redactor: Redactor): unknown {
  if (!PromptbinError.is(fault)) {
    const message = messageOf(fault);
    const redacted = redactor.redact(message);
    return redacted === message ? fault : new Error(redacted);
  }
  const { code, message, hint, process, plugin, details, cause } = fault;
  const shown = { message, hint, details, cause: cause === undefined ? '' : messageOf(cause) };
  const redacted = redactor.redactAll(shown);
  if (redacted === shown) return fault;
  // What caused it says the same in its own words, which cannot be taken back.
  return new PromptbinError(code, redacted.message, {
    hint: redacted.hint,
    details: redacted.details,
    process,
    plugin,
  });
}
