import { type Command, Option } from 'commander';
import { count } from './flag-values.ts';
import { json, type Perform } from './flags.ts';

const logsExamples = `
Examples:
  promptbin logs web -f                          go on with what it writes
  promptbin logs web worker --since 10m          both, in the order of time
  promptbin logs --level error --grep timeout    what looks bad, of all; a pattern is RE2, "(?i)" ignores case`;

const eventsExamples = `
Examples:
  promptbin events                        what has happened lately, a line each
  promptbin events web -f                 what happens to web from now on, too
  promptbin events --json --after 120     all that came after event 120, for programs; "seq" is where to go on`;

const waitExamples = `
Examples:
  promptbin wait web                                    until it is ready, at most 30 s
  promptbin wait migrate --for exited --timeout 10m     until its run is over
  promptbin wait web --pattern "listening on"           until it writes such a line (RE2)
  promptbin wait web || promptbin why web               exit code 1: it is not, or will not be`;

/** The commands that look at what goes on. */
export function addReadingCommands(program: Command, perform: Perform): void {
  program
    .command('logs [names...]')
    .description('show what processes have written, several in the order of time')
    .option('-f, --follow', 'go on with what comes', false)
    .option('-n, --lines <count>', 'how many of the newest of each (default: 50; with --since: all)', count)
    .option('--grep <regexp>', 'only lines with this, in the syntax of RE2')
    .addOption(
      new Option('--level <level>', 'only lines of this level or worse, with their tracebacks').choices([
        'debug',
        'info',
        'warn',
        'error',
        'fatal',
      ]),
    )
    .option('--since <time>', 'only later lines: 10m (ago), 14:02 or 2026-11-26T14:02:03Z')
    .addOption(new Option('--until <time>', 'only earlier lines').conflicts('follow'))
    .option(...json)
    .addHelpText('after', logsExamples)
    .action((names: string[], { follow, lines, grep, level, since, until }, command: Command) =>
      perform(command.optsWithGlobals(), async (invocation) =>
        (await import('./commands/logs.ts')).logs({ names, follow, lines, grep, level, since, until }, invocation),
      ),
    );
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
        (await import('./commands/events.ts')).events({ names, follow, lines, after }, invocation),
      ),
    );
  program
    .command('wait <name>')
    .description('wait until a process is ready, or something else; exit code 1 when it is not or will not be')
    .addOption(
      new Option('--for <what>', 'default: ready; with --pattern: log').choices([
        'ready',
        'running',
        'exited',
        'stopped',
        'log',
      ]),
    )
    .option('--pattern <regexp>', 'the line to wait for, in the syntax of RE2')
    .option('--after <seq>', 'with --pattern: take lines after the one of this number, too', count)
    .option('--timeout <duration>', 'how long at most, such as 500ms, 30s or 5m', '30s')
    .option(...json)
    .addHelpText('after', waitExamples)
    .action((name: string, { for: state, pattern, after, timeout }, command: Command) =>
      perform(command.optsWithGlobals(), async (invocation) =>
        (await import('./commands/wait.ts')).wait(name, { for: state, pattern, after, timeout }, invocation),
      ),
    );
}
