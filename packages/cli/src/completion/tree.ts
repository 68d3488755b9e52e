import type { Command, Option } from 'commander';

/** A flag as shells complete it. */
export interface CompletedFlag {
  /** `--follow`, and `-f` when there is one. */
  readonly names: readonly string[];
  readonly description: string;
  /** What it may be followed by; empty when that cannot be told, absent when it takes no value. */
  readonly values?: readonly string[] | 'files';
}

/** A command as shells complete it. */
export interface CompletedCommand {
  /** The words that lead to it, such as `config check`; empty for the program. */
  readonly path: string;
  readonly description: string;
  readonly flags: readonly CompletedFlag[];
  /** What may follow it. */
  readonly words: readonly { readonly name: string; readonly description: string }[];
  readonly takesProcesses: boolean;
}

/** The program and all its commands, those that are not hidden, as they are declared. */
export function completedCommands(program: Command): readonly CompletedCommand[] {
  return [completed(program, ''), ...below(program, '')];
}

function below(command: Command, path: string): readonly CompletedCommand[] {
  return visible(command).flatMap((child) => {
    const at = path === '' ? child.name() : `${path} ${child.name()}`;
    return [completed(child, at), ...below(child, at)];
  });
}

function completed(command: Command, path: string): CompletedCommand {
  const choices = command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices);
  return {
    path,
    description: command.description(),
    flags: command.createHelp().visibleOptions(command).map(flagOf),
    words: [
      ...visible(command).map((child) => ({ name: child.name(), description: child.description() })),
      ...choices.map((name) => ({ name, description: '' })),
    ],
    takesProcesses: command.registeredArguments.some((argument) => /^names?$/.test(argument.name())),
  };
}

function visible(command: Command): readonly Command[] {
  const children = command.createHelp().visibleCommands(command);
  return children.filter((child) => child.name() !== 'help');
}

function flagOf({ short, long, flags, description, required, optional, argChoices = [] }: Option): CompletedFlag {
  const names = [long, short].filter((name) => name !== undefined);
  if (!required && !optional) return { names, description };
  return { names, description, values: /<(?:file|folder)>/.test(flags) ? 'files' : argChoices };
}
