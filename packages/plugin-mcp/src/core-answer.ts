import {
  type CommandResult,
  type CommandSpec,
  type EventsResult,
  type ExplainResult,
  eventsSpec,
  explainSpec,
  getSpec,
  type ListResult,
  type LogLine,
  type LogsResult,
  listSpec,
  logsSpec,
  type NextStep,
  type ProcessView,
  type StartResult,
  toolSpecs,
} from '@promptbin/core/views';
import { type Answer, type Facts, refusal, reply } from './answer.ts';
import { brief, briefList } from './brief.ts';
import { plain, plainError } from './plain.ts';

/** The result of one of core's commands: all facts in `structuredContent`, what a person would read in `content`. */
export function coreAnswer(spec: CommandSpec, result: CommandResult): Answer {
  const { facts, body } = view(spec, plain(result.value));
  return result.ok ? reply([facts.summary], body, facts) : refusal(plainError(result.error), facts, body);
}

/** What a model sees of a command's value, and which lines of it follow the summary. */
function view(spec: CommandSpec, value: unknown): { facts: Facts; body: readonly string[] } {
  if (typeof value !== 'object' || value === null) return { facts: {}, body: [] };
  if (spec.name === listSpec.name) {
    const list = value as ListResult;
    return { facts: { ...briefList(list) }, body: list.processes.map(statusLine) };
  }
  if (spec.name === logsSpec.name) {
    const { lines } = value as LogsResult;
    return { facts: { ...value, lines: lines.map(compact) }, body: lines.map(({ text }) => text) };
  }
  if (spec.name === eventsSpec.name) {
    const { events } = value as EventsResult;
    return { facts: { ...value }, body: events.map(({ at, text }) => `${at} ${text}`) };
  }
  if (spec.name === explainSpec.name) {
    const { evidence, next } = value as ExplainResult;
    const calls = next.map(toolCall);
    return { facts: { ...value, next: calls }, body: [...evidence, ...calls.map((call) => `Next: ${call}`)] };
  }
  if (spec.name === getSpec.name) return { facts: { ...value }, body: [] };
  const { newLogs, ...facts } = brief(value as Partial<StartResult>);
  if (newLogs === undefined) return { facts, body: [] };
  // What could not be spawned has written nothing.
  const body = newLogs.length > 0 ? newLogs.map(({ text }) => text) : (facts.cause?.evidence ?? []);
  return { facts: { ...facts, newLogs: newLogs.map(compact) }, body };
}

/** Without the name, which the caller knows: up to 500 of these must stay below the size that clients refuse. */
function compact({ name: _, ...line }: LogLine): Omit<LogLine, 'name'> {
  return line;
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
