import type { Command } from 'commander';
import { count } from './flag-values.ts';
import { json, type Perform } from './flags.ts';

const eventsExamples = `
Examples:
  promptbin events                        what has happened lately, a line each
  promptbin events web -f                 what happens to web from now on, too
  promptbin events --json --after 120     all that came after event 120, for programs; "seq" is where to go on`;

/** The commands that look at what goes on. */
export function addReadingCommands(program: Command, perform: Perform): void {
  program
    .command('events [names...]')
    .description('tell what has happened, in sentences: the newest, or all after an event')
    .option('-f, --follow', 'go on with what comes', false)
    .option('-n, --lines <count>', 'how many of the newest (default: 50; with --after: all)', count)
    .option('--after <seq>', 'only events after the one of this number', count)
    .option(...json)
    .addHelpText('after', eventsExamples)
    .action((names: string[], { follow, lines, after }, command: Command) =>
      perform(command.optsWithGlobals(), async (invocation) =>
        (await import('./commands/events.ts')).events(
          { names, follow, ...(lines !== undefined && { lines }), ...(after !== undefined && { after }) },
          invocation,
        ),
      ),
    );
}
