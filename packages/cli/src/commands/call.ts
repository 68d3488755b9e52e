import type { CommandResult, PublicError } from '@promptbin/core';
import type { ManagerConnection } from '../control/client.ts';
import { type ExitCode, exitCodeOf, exitCodes } from '../exit-codes.ts';
import { rethrown } from '../fault.ts';
import { tameLine } from '../render/color.ts';
import { failureJson, showFailure } from '../render/failure.ts';
import type { Invocation } from './invocation.ts';

/** How the manager knows us in its record. */
export const caller = 'cli';

/**
 * The answer of a command.
 *
 * @throws PromptbinError of the code that it was refused with
 */
export async function ask<T>(connection: ManagerConnection, command: string, input: object = {}): Promise<T> {
  const result = await connection.call(command, input, { caller });
  if (!result.ok) throw await rethrown(result.error);
  return result.value as T;
}

export interface Outcome<T> {
  readonly name: string;
  readonly value?: T;
  readonly error?: PublicError;
}

/** The same command for several processes at once. */
export function callForEach<T>(
  connection: ManagerConnection,
  command: string,
  names: readonly string[],
  input: Readonly<Record<string, unknown>> = {},
): Promise<readonly Outcome<T>[]> {
  return Promise.all(
    [...new Set(names)].map(async (name) => {
      const result: CommandResult = await connection.call(command, { ...input, name }, { caller });
      const value = result.value === undefined ? {} : { value: result.value as T };
      return result.ok ? { name, ...value } : { name, ...value, error: result.error };
    }),
  );
}

/** Shows outcomes for people or programs; the exit code is that of the first failure. */
export function showOutcomes<T extends { readonly summary: string }>(
  outcomes: readonly Outcome<T>[],
  { json, out, err }: Invocation,
  facts: (values: readonly T[]) => object,
): ExitCode {
  const failure = outcomes.find(({ error }) => error !== undefined)?.error;
  if (json) {
    const values = outcomes.flatMap(({ value }) => (value === undefined ? [] : [value]));
    out.json({ version: 1, ok: true, ...(failure && failureJson(failure)), ...facts(values) });
  } else {
    for (const { value, error } of outcomes) {
      if (error !== undefined) showFailure(err, error);
      else if (value !== undefined) out.note(tameLine(value.summary, out.palette));
    }
  }
  return failure === undefined ? exitCodes.done : exitCodeOf(failure);
}
