import { Command, InvalidArgumentError, Option } from 'commander';
import type { Invocation } from './commands/invocation.ts';
import type { ExitCode } from './exit-codes.ts';
import { version } from './version.ts';

export interface GlobalOptions {
  readonly project?: string;
  readonly config?: string;
  readonly json?: true;
}

/** Runs a command with the options that all commands share. */
export type Perform = (options: GlobalOptions, run: (invocation: Invocation) => Promise<ExitCode>) => Promise<void>;

const examples = `
Examples:
  promptbin up                start everything in this terminal; Ctrl-C stops it all
  promptbin up --detach       start everything in the background
  promptbin ps                what runs, where, and why not
  promptbin restart web       restart one process and wait until it is ready
  promptbin logs web -f       follow what it writes
  promptbin why web           why it is down, and what to do about it
  promptbin down              stop everything

Exit codes: 0 done, 1 what was asked for was not reached, 2 wrong usage or config, 3 no manager is running.`;

const json = ['--json', 'print JSON for programs'] as const;

/** The command line. Each command is imported when it runs, so that --help and --version load nothing else. */
export function createProgram(perform: Perform): Command {
  const program = new Command('promptbin')
    .description('A process manager for people and their AI agents.')
    .version(version)
    .option('--config <file>', 'the config file (default: the nearest promptbin.config.*)')
    .option('--project <folder>', 'where the search for the config begins (default: here)')
    .addHelpText('after', examples)
    .exitOverride();
  addManagerCommands(program, perform);
  addProcessCommands(program, perform);
  return program;
}

function addManagerCommands(program: Command, perform: Perform): void {
  program
    .command('up [names...]')
    .description('start processes (default: all with autostart) and stay with them, or attach to the running manager')
    .option('-d, --detach', 'leave them to a manager in the background')
    .option('--json', 'print events as JSON lines; with --detach, the status')
    .addOption(hidden('--background'))
    .addOption(hidden('--ephemeral'))
    .action((names: string[], { detach, background = false, ephemeral = false }, command: Command) =>
      perform(command.optsWithGlobals(), async (invocation) => {
        if (detach) return (await import('./commands/detach.ts')).detach(names, invocation);
        return (await import('./commands/up.ts')).up({ names, background, ephemeral }, invocation);
      }),
    );
  program
    .command('down')
    .description('stop every process and the manager')
    .option('--force', 'kill at once instead of asking first', false)
    .option(...json)
    .action(({ force }, command: Command) =>
      perform(command.optsWithGlobals(), async (invocation) =>
        (await import('./commands/down.ts')).down({ force }, invocation),
      ),
    );
  program
    .command('ps')
    .description('show every process: phase, pid, URL, and why it is down')
    .option(...json)
    .action((_options, command: Command) =>
      perform(command.optsWithGlobals(), async (invocation) => (await import('./commands/ps.ts')).ps(invocation)),
    );
  program
    .command('mcp')
    .description('serve an AI agent over stdin and stdout (Model Context Protocol)')
    .action((_options, command: Command) =>
      perform(command.optsWithGlobals(), async (invocation) => (await import('./commands/mcp.ts')).mcp(invocation)),
    );
}

function addProcessCommands(program: Command, perform: Perform): void {
  for (const action of ['start', 'restart'] as const) {
    program
      .command(`${action} <names...>`)
      .description(`${action} processes and wait until they are ready`)
      .option(...json)
      .action((names: string[], _options, command: Command) =>
        perform(command.optsWithGlobals(), async (invocation) =>
          (await import('./commands/start.ts')).start(action, names, invocation),
        ),
      );
  }
  program
    .command('stop <names...>')
    .description('stop processes and all they have started')
    .option(...json)
    .action((names: string[], _options, command: Command) =>
      perform(command.optsWithGlobals(), async (invocation) =>
        (await import('./commands/stop.ts')).stop(names, invocation),
      ),
    );
  program
    .command('logs [name]')
    .description('show what a process has written, or all of them')
    .option('-f, --follow', 'go on with what comes', false)
    .option('-n, --lines <count>', 'how many of the newest lines', count, 50)
    .option(...json)
    .action((name: string | undefined, { follow, lines }, command: Command) =>
      perform(command.optsWithGlobals(), async (invocation) =>
        (await import('./commands/logs.ts')).logs({ follow, lines, ...(name !== undefined && { name }) }, invocation),
      ),
    );
  program
    .command('why <name>')
    .description('explain why a process is where it is')
    .option(...json)
    .action((name: string, _options, command: Command) =>
      perform(command.optsWithGlobals(), async (invocation) =>
        (await import('./commands/why.ts')).why(name, invocation),
      ),
    );
}

/** For the managers that promptbin itself starts. */
function hidden(flags: string): Option {
  return new Option(flags).hideHelp();
}

function count(value: string): number {
  if (/^\d+$/.test(value)) return Number(value);
  throw new InvalidArgumentError('It is not a number of lines.');
}
