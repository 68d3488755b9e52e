import type { Command } from 'commander';
import { json, type Perform } from './flags.ts';

const portsExamples = `
Examples:
  promptbin ports              which process has which port, and where one listens elsewhere
  promptbin ports --json       for programs`;

const graphExamples = `
Examples:
  promptbin graph                          what depends on what, and how each is
  promptbin graph --mermaid > graph.mmd    as a diagram, for a page`;

const pluginsExamples = `
Examples:
  promptbin plugins            what each has a say in, and which commands it adds
  promptbin call               what these commands do`;

/** The commands that show how everything stands. */
export function addViewCommands(program: Command, perform: Perform): void {
  program
    .command('ports')
    .description('show who has which port: what was asked for, what it was told, and where it listens')
    .option(...json)
    .addHelpText('after', portsExamples)
    .action((_options, command: Command) =>
      perform(command.optsWithGlobals(), async (invocation) => (await import('./commands/ports.ts')).ports(invocation)),
    );
  program
    .command('graph')
    .description('show what depends on what, as a tree with the phase of each')
    .option('--mermaid', 'as the text of a Mermaid diagram', false)
    .option(...json)
    .addHelpText('after', graphExamples)
    .action(({ mermaid }, command: Command) =>
      perform(command.optsWithGlobals(), async (invocation) =>
        (await import('./commands/graph.ts')).graph({ mermaid }, invocation),
      ),
    );
  program
    .command('plugins')
    .description('show the plugins, with their hooks and commands')
    .option(...json)
    .addHelpText('after', pluginsExamples)
    .action((_options, command: Command) =>
      perform(command.optsWithGlobals(), async (invocation) =>
        (await import('./commands/plugins.ts')).plugins(invocation),
      ),
    );
}
