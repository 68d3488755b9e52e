import type { CompletedCommand } from './tree.ts';

/**
 * The branches of a `case` over the command and the word before the cursor: what to do where a value is to follow.
 *
 * @param act gets the values that there are; none when they cannot be told
 */
export function valueCases(
  commands: readonly CompletedCommand[],
  act: (values: readonly string[] | 'files') => string,
): string {
  return commands
    .flatMap(({ path, flags }) =>
      flags.flatMap(({ names, values }) =>
        values === undefined ? [] : [`    ${names.map((name) => `'${path} ${name}'`).join(' | ')}) ${act(values)} ;;`],
      ),
    )
    .join('\n');
}

/** The pattern of a `case` that every command fits, by the words before the cursor. */
export function commandPattern(commands: readonly CompletedCommand[]): string {
  return commands.flatMap(({ path }) => (path === '' ? [] : [`'${path}'`])).join(' | ');
}

/** In single quotes, for a shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
