import type { Tool as ListedTool } from '@modelcontextprotocol/server';
import type { CommandInfo, CommandResult } from '@promptbin/core/views';
import type { Answer } from './answer.ts';
import { cut, plain } from './plain.ts';
import { pluginAnswer } from './plugin-answer.ts';

const maxDescriptionLength = 160;

/** A command as a tool. */
export interface Tool {
  readonly command: string;
  readonly effect: CommandInfo['effect'];
  readonly toolset: string | undefined;
  /** As it stands in the list. */
  readonly listed: ListedTool;
  /** What the command gets, or what is wrong with it. */
  parse(args: unknown): CommandResult;
  answer(result: CommandResult): Answer;
}

/** The tools that plugins have added, by name. */
export function pluginTools(commands: readonly CommandInfo[]): readonly Tool[] {
  return commands
    .flatMap((info) => (info.tool === undefined ? [] : [toolOf(info, info.tool)]))
    .sort((one, other) => (one.listed.name < other.listed.name ? -1 : 1));
}

function toolOf(info: CommandInfo, name: string): Tool {
  return {
    command: info.name,
    effect: info.effect,
    toolset: info.toolset,
    listed: { ...describeTool(name, info), annotations: annotations(info.effect) },
    // The manager has the schema, and says what does not fit.
    parse: (args) => ({ ok: true, value: args ?? {} }),
    answer: (result) => pluginAnswer(name, result),
  };
}

export function describeTool(
  name: string,
  { summary, input, output }: Pick<CommandInfo, 'summary' | 'input' | 'output'>,
): ListedTool {
  const words = name.replaceAll('_', ' ');
  // Clients hold the answer of a failed call to it as well, so only what every answer has is required.
  const { required: _, additionalProperties: _open, properties, ...rest } = output ?? {};
  return {
    name,
    title: words.charAt(0).toUpperCase() + words.slice(1),
    description: cut(plain(summary), maxDescriptionLength),
    inputSchema: withoutDialect(input),
    outputSchema: {
      ...withoutDialect(rest),
      properties: { summary: { type: 'string' }, ...Object(properties), error },
      required: ['summary'],
    },
  };
}

/** Only what is not assumed anyway: a list of many tools is read anew in each conversation. */
export function annotations(
  effect: CommandInfo['effect'],
  { idempotent = false }: { readonly idempotent?: boolean } = {},
): NonNullable<ListedTool['annotations']> {
  if (effect === 'read') return { readOnlyHint: true, openWorldHint: false };
  return {
    ...(effect === 'destructive' ? {} : { destructiveHint: false }),
    ...(idempotent ? { idempotentHint: true } : {}),
    openWorldHint: false,
  };
}

const error = {
  type: 'object',
  properties: { code: { type: 'string' }, message: { type: 'string' }, hint: { type: 'string' } },
  required: ['code', 'message'],
};

/** Without what says the default, that a number is one that JSON can hold, or that a name is not empty: no model needs that. */
function withoutDialect({ $schema: _, ...schema }: Readonly<Record<string, unknown>>): ListedTool['inputSchema'] {
  const slim = JSON.stringify(schema, (key, value: unknown) => (isIdle(key, value) ? undefined : value));
  return { ...(JSON.parse(slim) as Record<string, unknown>), type: 'object' };
}

function isIdle(key: string, value: unknown): boolean {
  if (key === 'minLength') return value === 1;
  return (key === 'maximum' || key === 'minimum') && Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER;
}
