import type { CommandResult } from '@promptbin/core/views';
import { type Answer, type Facts, refusal, reply } from './answer.ts';
import { cut, plainError, plainUnlessLarge } from './plain.ts';

const maxSummaryLength = 400;

/**
 * The result of a plugin's command: its value in `structuredContent`, with a `summary` when it has none of its own. In
 * `content` the summary and, for clients that show nothing else, the rest as JSON.
 */
export function pluginAnswer(tool: string, result: CommandResult): Answer {
  const value = plainUnlessLarge(result.value);
  if (result.ok) {
    const facts = factsOf(tool, value);
    return reply([facts.summary], rest(value), facts);
  }
  const { summary, ...details } = isRecord(value) ? value : {};
  const facts = typeof summary === 'string' ? { ...details, summary } : details;
  return refusal(plainError(result.error), facts, rest(details));
}

function factsOf(tool: string, value: unknown): Facts {
  const summary = summaryOf(tool, value);
  // Beside `summary`, `error` is the other field that means something in every answer: it says that the call has failed.
  if (isRecord(value) && !('error' in value)) return { ...value, summary };
  return value === undefined || value === null ? { summary } : { summary, value };
}

function summaryOf(tool: string, value: unknown): string {
  if (value === undefined || value === null) return `${tool} is done.`;
  if (typeof value !== 'object') return cut(String(value), maxSummaryLength);
  return isRecord(value) && typeof value.summary === 'string' ? value.summary : `${tool} has answered.`;
}

/** What the summary does not say. */
function rest(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { summary: _, ...facts } = value as Facts;
  if (Array.isArray(value)) return [JSON.stringify(value)];
  return Object.keys(facts).length === 0 ? [] : [JSON.stringify(facts)];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
