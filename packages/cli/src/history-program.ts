import type { Command } from 'commander';
import { json, type Perform } from './flags.ts';

const diffExamples = `
Examples:
  promptbin diff 10m                      what is different from 10 minutes ago
  promptbin diff 14:02 14:10              between two moments, under which managers ever
  promptbin diff 1h --json                for programs`;

/** The commands that look back, in the journal. */
export function addHistoryCommands(program: Command, perform: Perform): void {
  program
    .command('diff <from> [to]')
    .description('tell what is different between two moments: phases, pids, addresses, restarts, causes')
    .option(...json)
    .addHelpText('after', diffExamples)
    .action((from: string, to: string | undefined, _options, command: Command) =>
      perform(command.optsWithGlobals(), async (invocation) =>
        (await import('./commands/diff.ts')).diff(from, to ?? '0s', invocation),
      ),
    );
}
