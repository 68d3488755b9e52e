import type { CommandInfo } from '@promptbin/core';
import { inputFromText } from '@promptbin/core/views';
import { type ExitCode, exitCodeOf, exitCodes } from '../exit-codes.ts';
import { fault } from '../fault.ts';
import type { Palette } from '../render/color.ts';
import { failureJson, showFailure } from '../render/failure.ts';
import { renderTable } from '../render/table.ts';
import { showValue } from '../render/value.ts';
import { caller } from './call.ts';
import { connectToProject } from './connection.ts';
import type { Invocation } from './invocation.ts';

/** Lists the commands that the manager and its plugins have. */
export async function listCommands(invocation: Invocation): Promise<ExitCode> {
  const { json, out } = invocation;
  const connection = await connectToProject(invocation);
  const commands = await connection.commands();
  if (json) out.json({ version: 1, ok: true, commands });
  else for (const line of renderTable(rowsOf(commands, out.palette), out.columns)) out.line(line);
  return exitCodes.done;
}

/** Calls one of them, whoever has added it, with input such as `id=7`. */
export async function callAny(name: string, given: readonly string[], invocation: Invocation): Promise<ExitCode> {
  const { json, out, err } = invocation;
  const pairs = await Promise.all(given.map(pairOf));
  const connection = await connectToProject(invocation);
  const command = (await connection.commands()).find((candidate) => candidate.name === name);
  // Of a command that does not exist the manager says which one may be meant.
  const result = await connection.call(name, inputFromText(command?.input ?? {}, pairs), { caller });
  const { value } = result;
  if (result.ok) {
    if (json) out.json({ version: 1, ok: true, value });
    else showValue(out, value ?? `${name} is done`);
    return exitCodes.done;
  }
  if (json) out.json({ ...failureJson(result.error), ...(value !== undefined && { value }) });
  else {
    showFailure(err, result.error);
    if (value !== undefined) showValue(err, value);
  }
  return exitCodeOf(result.error);
}

/** @throws PromptbinError `PB_COMMAND_INPUT` */
async function pairOf(text: string): Promise<readonly [field: string, text: string]> {
  const end = text.indexOf('=');
  if (end > 0) return [text.slice(0, end), text.slice(end + 1)];
  throw await fault('PB_COMMAND_INPUT', `"${text}" names no field of the input.`, {
    hint: 'Write it as key=value, such as name=web.',
  });
}

function rowsOf(commands: readonly CommandInfo[], palette: Palette): readonly (readonly string[])[] {
  const colors = { read: String, write: palette.yellow, destructive: palette.red } as const;
  return [
    ['COMMAND', 'EFFECT', 'SUMMARY'],
    ...commands.map(({ name, effect, summary }) => [palette.bold(name), colors[effect](effect), summary]),
  ];
}
