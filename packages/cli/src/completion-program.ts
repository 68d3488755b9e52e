import { Argument, type Command } from 'commander';
import type { Perform } from './flags.ts';

const examples = `
Examples:
  source <(promptbin completion bash)                                         for this shell; in ~/.bashrc for all
  source <(promptbin completion zsh)                                          in ~/.zshrc, after compinit
  promptbin completion fish > ~/.config/fish/completions/promptbin.fish       for all`;

/** `promptbin completion …`, and what its scripts ask for. */
export function addCompletionCommands(program: Command, perform: Perform): void {
  program
    .command('completion')
    .description('print the script by which a shell completes commands, flags and names of processes')
    .addArgument(new Argument('<shell>', 'for which one').choices(['bash', 'zsh', 'fish']))
    .addHelpText('after', examples)
    .action((shell: 'bash' | 'zsh' | 'fish', _options, command: Command) =>
      perform(command.optsWithGlobals(), async (invocation) =>
        (await import('./commands/completion.ts')).completion(shell, program, invocation),
      ),
    );
  program
    .command('process-names', { hidden: true })
    .action((_options, command: Command) =>
      perform(command.optsWithGlobals(), async (invocation) =>
        (await import('./commands/process-names.ts')).processNames(invocation),
      ),
    );
}
