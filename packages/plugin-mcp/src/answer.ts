import type { PublicError } from '@promptbin/core/views';

/** The answer of a tool. A type and not an interface, so that it fits the SDK's open record. */
export type Answer = {
  readonly content: { readonly type: 'text'; readonly text: string }[];
  readonly structuredContent: Record<string, unknown>;
  readonly isError?: true;
};

export interface Facts extends Record<string, unknown> {
  readonly summary?: string;
}

/** Facts for `structuredContent`, and below `head` what a person would read. */
export function reply(head: readonly (string | undefined)[], body: readonly string[], facts: Facts): Answer {
  // The summary of a failure is often its message; lines of output are kept as often as they came.
  const told = new Map(head.flatMap((line) => (line === undefined ? [] : [[line.replace(/\.$/, ''), line]])));
  const text = [...told.values(), ...body].join('\n');
  return { content: [{ type: 'text', text }], structuredContent: facts };
}

/** What has failed, with the facts that the failure came with. */
export function refusal({ code, message, hint }: PublicError, facts: Facts = {}, body: readonly string[] = []): Answer {
  // One line: the mistakes of a config come in many.
  const summary = facts.summary ?? message.replace(/\n.*/s, '');
  const error = { code, message, ...(hint === undefined ? {} : { hint }) };
  return { ...reply([facts.summary, message, hint], body, { ...facts, summary, error }), isError: true };
}
