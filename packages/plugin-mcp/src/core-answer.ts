import {
  type CommandResult,
  type CommandSpec,
  type ExplainResult,
  explainSpec,
  type ListResult,
  type LogsResult,
  listSpec,
  logsSpec,
  type NextStep,
  type OutputLine,
  type ProcessView,
  type StartResult,
  toolSpecs,
} from '@promptbin/core/views';
import { plain } from './plain.ts';

/** The answer of a tool. A type and not an interface, so that it fits the SDK's open record. */
export type Answer = {
  readonly content: { readonly type: 'text'; readonly text: string }[];
  readonly structuredContent: Record<string, unknown>;
  readonly isError?: true;
};

/** The result of a command as a tool's answer: all facts in `structuredContent`, what a person would read in `content`. */
export function answer(spec: CommandSpec, result: CommandResult): Answer {
  const { facts, body } = view(spec, plain(result.value));
  if (result.ok) return reply([facts.summary], body, facts);
  const { code, message, hint } = plain(result.error);
  const summary = facts.summary ?? message;
  const error = { code, message, ...(hint === undefined ? {} : { hint }) };
  return { ...reply([summary, message, hint], body, { ...facts, summary, error }), isError: true };
}

interface Facts extends Record<string, unknown> {
  readonly summary?: string;
}

function reply(head: readonly (string | undefined)[], body: readonly string[], facts: Facts): Answer {
  // The summary of a failure is often its message; lines of output are kept as often as they came.
  const text = [...new Set(head.filter((line) => line !== undefined)), ...body].join('\n');
  return { content: [{ type: 'text', text }], structuredContent: facts };
}

/** What a model sees of a command's value, and which lines of it follow the summary. */
function view(spec: CommandSpec, value: unknown): { facts: Facts; body: readonly string[] } {
  if (typeof value !== 'object' || value === null) return { facts: {}, body: [] };
  if (spec.name === listSpec.name) {
    const { processes } = value as ListResult;
    return { facts: { ...value }, body: processes.map(statusLine) };
  }
  if (spec.name === logsSpec.name) {
    const { lines } = value as LogsResult;
    return { facts: { ...value, lines: lines.map(compact) }, body: lines.map(({ text }) => text) };
  }
  if (spec.name === explainSpec.name) {
    const { evidence, next } = value as ExplainResult;
    const calls = next.map(toolCall);
    return { facts: { ...value, next: calls }, body: [...evidence, ...calls.map((call) => `Next: ${call}`)] };
  }
  const { newLogs } = value as Partial<StartResult>;
  if (newLogs === undefined) return { facts: { ...value }, body: [] };
  return { facts: { ...value, newLogs: newLogs.map(compact) }, body: newLogs.map(({ text }) => text) };
}

/** Without the name, which the caller knows: up to 500 of these must stay below the size that clients refuse. */
function compact({ seq, at, generation, stream, text }: OutputLine): Omit<OutputLine, 'name'> {
  return { seq, at, generation, stream, text };
}

function statusLine({ name, phase, ready, pid, url, cause }: ProcessView): string {
  const words = [ready ? 'ready' : phase, url, pid === undefined ? cause?.message : `pid ${pid}`];
  return `${name}: ${words.filter((word) => word !== undefined).join(', ')}`;
}

/** Such as `restart_process {"name":"web"}`. */
function toolCall({ command, input }: NextStep): string {
  const tool = toolSpecs.find(({ name }) => name === command)?.tool ?? command;
  return `${tool} ${JSON.stringify(input)}`;
}
