import type { Command } from 'commander';
import type { Invocation } from './commands/invocation.ts';
import type { ConfigFlags } from './control/project.ts';
import type { ExitCode, ForeignCode } from './exit-codes.ts';

/** As commander gives them: those that a command does not have are absent. */
export interface GlobalOptions extends Partial<ConfigFlags> {
  readonly project?: string;
  readonly config?: string;
  readonly json?: true;
  readonly quiet?: true;
}

/** Runs a command with the options that all commands share. */
export type Perform = (
  options: GlobalOptions,
  run: (invocation: Invocation) => Promise<ExitCode | ForeignCode>,
) => Promise<void>;

/** For commands whose answer programs read. */
export const json = ['--json', 'print JSON for programs'] as const;

/** For commands that read the config, and for the program: there they may stand before the command. */
export function withConfigFlags(command: Command): Command {
  return command
    .option('--set <path=value>', 'set a value over the config, such as web.port=0; may be repeated', collect)
    .option('--mode <name>', 'what a config that is a function is told (default: development)');
}

/** The program takes them before any command; one that reads no config must not lose them silently. */
export function refuseStrayFlags(program: Command, command: Command): void {
  for (const name of ['set', 'mode']) {
    const isKnown = command.options.some((option) => option.attributeName() === name);
    if (isKnown || program.getOptionValueSource(name) !== 'cli') continue;
    command.error(`error: "${command.name()}" takes no --${name}: it is for commands that read the config`);
  }
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
