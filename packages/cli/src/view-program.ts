import { type Command, Option } from 'commander';
import { json, type Perform } from './flags.ts';

const psExamples = `
Examples:
  promptbin ps                 what runs, where, and why not
  promptbin ps --watch         the same, drawn anew with every change, until Ctrl-C
  promptbin ps --errors        which errors each has written, how often and when
  promptbin ps --at 14:02      how it was then, under whichever manager
  promptbin ps --json          for programs`;

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

const topExamples = `
Examples:
  promptbin top                every process on the whole terminal, with CPU and memory of the last minutes; ? tells the keys`;

/** The commands that show how everything stands. */
export function addViewCommands(program: Command, perform: Perform): void {
  program
    .command('ps')
    .description('show every process: phase, pid, URL, CPU and memory, and why it is down')
    .addOption(new Option('-w, --watch', 'draw it anew with every change').default(false).conflicts('errors'))
    .option('--errors', 'show which errors each has written in this run, how often and when', false)
    .addOption(
      new Option(
        '--at <time>',
        'show how it was then, by the journal: 10m (ago), 14:02 or 2026-11-26T14:02:03Z',
      ).conflicts(['watch', 'errors']),
    )
    .option(...json)
    .addHelpText('after', psExamples)
    .action(({ watch, errors, at }, command: Command) =>
      perform(command.optsWithGlobals(), async (invocation) => {
        if (at !== undefined) return (await import('./commands/ps-at.ts')).psAt(at, invocation);
        if (errors) return (await import('./commands/ps-errors.ts')).psErrors(invocation);
        if (watch) return (await import('./commands/ps-watch.ts')).psWatch(invocation);
        return (await import('./commands/ps.ts')).ps(invocation);
      }),
    );
  program
    .command('top')
    .description('show every process live, with what it needs; keys restart, stop, start, show logs and tell why')
    .addHelpText('after', topExamples)
    .action((_options, command: Command) =>
      perform(command.optsWithGlobals(), async (invocation) => (await import('./commands/top.ts')).top(invocation)),
    );
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
