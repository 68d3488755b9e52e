import * as z from 'zod';
import type { Command, CommandInfo, CommandResource } from '../contract/commands.ts';
import { messageOf, PromptbinError } from '../errors/error.ts';
import { uriVariables } from './uri-template.ts';

type JsonSchema = Readonly<Record<string, unknown>>;

/** What MCP clients take for the name of a tool. */
const toolName = /^[\w-]{1,64}$/;

/**
 * A command as views see it.
 *
 * @param plugin who adds it; undefined for core
 * @throws PromptbinError `PB_COMMAND_INVALID` when it cannot be shown as it is declared
 */
export function infoOf(command: Command, plugin: string | undefined): CommandInfo {
  const { name, summary, effect, tool, toolset, resource } = command;
  const refuse = (mistake: string): never => {
    throw new PromptbinError('PB_COMMAND_INVALID', `The command "${name}" of plugin "${plugin}": ${mistake}.`, {
      plugin,
    });
  };
  const schemaOf = (part: 'input' | 'output', schema: z.ZodType): JsonSchema => {
    try {
      return z.toJSONSchema(schema, { io: part }) as JsonSchema;
    } catch (fault) {
      return refuse(`its ${part} cannot be shown as JSON Schema: ${messageOf(fault)}`);
    }
  };
  const input = schemaOf('input', command.input);
  const output = command.output && schemaOf('output', command.output);
  if (tool !== undefined && !toolName.test(tool)) {
    refuse(`the tool name "${tool}" is not made of 1 to 64 of A-Z, a-z, 0-9, "_" and "-"`);
  }
  if ((tool ?? resource) !== undefined && input.type !== 'object') {
    refuse('the input of what agents see must be an object');
  }
  if (output !== undefined && output.type !== 'object') refuse('its output must be an object');
  const mistake = resource && mistakeOfResource(resource, effect, input);
  if (mistake !== undefined) refuse(mistake);
  return {
    name,
    summary,
    effect,
    ...(plugin === undefined ? {} : { plugin }),
    ...(tool === undefined ? {} : { tool }),
    ...(toolset === undefined ? {} : { toolset }),
    ...(resource === undefined ? {} : { resource }),
    input,
    ...(output === undefined ? {} : { output }),
  };
}

/** The fields of an input, as a JSON Schema has them. */
export function fieldsOf({ properties }: JsonSchema): readonly string[] {
  return Object.keys(properties ?? {});
}

function mistakeOfResource(
  { uri, list }: CommandResource,
  effect: Command['effect'],
  input: JsonSchema,
): string | undefined {
  const variables = uriVariables(uri);
  const required = (input.required ?? []) as readonly string[];
  const unknown = variables.find((variable) => !fieldsOf(input).includes(variable));
  const missing = required.find((field) => !variables.includes(field));
  if (effect !== 'read') return 'only a command that reads can be a resource';
  if (!URL.canParse(uri.replaceAll(/[{}]/g, ''))) return `"${uri}" is no URI`;
  if (unknown !== undefined) return `the variable "${unknown}" of "${uri}" is no field of the input`;
  if (missing !== undefined) return `the input requires "${missing}", which "${uri}" does not have`;
  if (list !== undefined && variables.length === 0) return `"${uri}" has no variables, so there is nothing to list`;
  return undefined;
}
