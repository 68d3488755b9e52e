import { Command, Option } from 'commander';
import { addCompletionCommands } from './completion-program.ts';
import { addConfigCommands } from './config-program.ts';
import { addDoctorCommands } from './doctor-program.ts';
import { json, type Perform, refuseStrayFlags, withConfigFlags } from './flags.ts';
import { addHistoryCommands } from './history-program.ts';
import { addMcpCommands } from './mcp-program.ts';
import { addReadingCommands } from './reading-program.ts';
import { addServiceCommands } from './service-program.ts';
import { addSteeringCommands } from './steering-program.ts';
import { addUpCommand } from './up-program.ts';
import { version } from './version.ts';
import { addViewCommands } from './view-program.ts';

const examples = `
Examples:
  promptbin init              write a config for what this folder holds
  promptbin up                start everything in this terminal; Ctrl-C stops it all
  promptbin up --detach       start everything in the background
  promptbin ps                what runs, where, and why not
  promptbin restart web       restart one process and wait until it is ready
  promptbin logs web -f       follow what it writes
  promptbin why web           why it is down, and what to do about it
  promptbin events -f         what happens
  promptbin config check      what is wrong with the config
  promptbin doctor            what keeps this project from working, and --fix it
  promptbin reload            take the config anew, and restart only what has changed
  promptbin call              what else the manager and its plugins can do
  promptbin down              stop everything

Exit codes: 0 done, 1 what was asked for was not reached, 2 wrong usage or config, 3 no manager is running.`;

const initExamples = `
Examples:
  promptbin init                    TypeScript where its types are installed, else YAML
  promptbin init --format json      in another format`;

const downExamples = `
Examples:
  promptbin down                    stop everything, each as it wants to be stopped
  promptbin down --force            kill everything at once`;

const startExamples = {
  start: `
Examples:
  promptbin start web worker        both, until they are ready; exit code 1 when one will not be
  promptbin start web --json        for programs`,
  restart: `
Examples:
  promptbin restart web             until it is ready again
  promptbin restart web worker      both at once`,
} as const;

const stopExamples = `
Examples:
  promptbin stop web                with what depends on it and all that it has started
  promptbin stop web --json         with a receipt: who was signalled, killed, and which ports are free`;

const whyExamples = `
Examples:
  promptbin why web                 the cause, what it has written, what happened, what to do next
  promptbin why web --json          for programs`;

const reloadExamples = `
Examples:
  promptbin reload --dry-run            what would be restarted, and which values differ
  promptbin reload                      do it, and wait until all is ready
  promptbin reload --set web.port=0     with a value over those of the files, from now on
  promptbin up --watch-config           reload whenever the config changes`;

const callExamples = `
Examples:
  promptbin call                                list them; what is destructive asks nothing before it begins
  promptbin call process.logs name=web tail=5   call one; a list takes its key several times, an object is JSON
  promptbin call process.get name=web --json    the answer for programs`;

/** The command line. Each command is imported when it runs, so that --help and --version load nothing else. */
export function createProgram(perform: Perform): Command {
  const program = new Command('promptbin')
    .description('A process manager for people and their AI agents.')
    .version(version)
    .option('--config <file>', 'the config file (default: the nearest promptbin.config.*)')
    .option('--project <folder>', 'where the search for the config begins (default: here)')
    .option('-q, --quiet', 'say only what was asked for, and what has gone wrong')
    .addHelpText('after', examples)
    .exitOverride()
    .hook('preAction', refuseStrayFlags);
  withConfigFlags(program);
  addInitCommand(program, perform);
  addUpCommand(program, perform);
  addManagerCommands(program, perform);
  addProcessCommands(program, perform);
  addReadingCommands(program, perform);
  addSteeringCommands(program, perform);
  addViewCommands(program, perform);
  addHistoryCommands(program, perform);
  addConfigCommands(program, perform);
  addMcpCommands(program, perform);
  addServiceCommands(program, perform);
  addDoctorCommands(program, perform);
  addCompletionCommands(program, perform);
  return program;
}

function addInitCommand(program: Command, perform: Perform): void {
  program
    .command('init')
    .description('write a config for what this folder holds; asks nothing and overwrites nothing')
    .addOption(
      new Option('--format <format>', 'default: ts where its types are installed, else yaml').choices([
        'ts',
        'js',
        'yaml',
        'json',
      ]),
    )
    .option(...json)
    .addHelpText('after', initExamples)
    .action(({ format }, command: Command) =>
      perform(command.optsWithGlobals(), async (invocation) =>
        (await import('./commands/init.ts')).init({ format }, invocation),
      ),
    );
}

function addManagerCommands(program: Command, perform: Perform): void {
  withConfigFlags(program.command('reload'))
    .description('take the config anew: what has changed is restarted, and all else goes on')
    .option('--dry-run', 'say what would be done, and do nothing', false)
    .option(...json)
    .addHelpText('after', reloadExamples)
    .action(({ dryRun }, command: Command) =>
      perform(command.optsWithGlobals(), async (invocation) =>
        (await import('./commands/reload.ts')).reload({ dryRun }, invocation),
      ),
    );
  program
    .command('down')
    .description('stop every process and the manager')
    .option('--force', 'kill at once instead of asking first', false)
    .option(...json)
    .addHelpText('after', downExamples)
    .action(({ force }, command: Command) =>
      perform(command.optsWithGlobals(), async (invocation) =>
        (await import('./commands/down.ts')).down({ force }, invocation),
      ),
    );
  program
    .command('call [command] [input...]')
    .usage('[options] [command] [key=value...]')
    .description('call any command of the manager and its plugins; without one, list them all')
    .option(...json)
    .addHelpText('after', callExamples)
    .action((name: string | undefined, input: string[], _options, command: Command) =>
      perform(command.optsWithGlobals(), async (invocation) => {
        const { callAny, listCommands } = await import('./commands/call-any.ts');
        return name === undefined ? listCommands(invocation) : callAny(name, input, invocation);
      }),
    );
}

function addProcessCommands(program: Command, perform: Perform): void {
  for (const action of ['start', 'restart'] as const) {
    const command = program
      .command(`${action} <names...>`)
      .description(`${action} processes and wait until they are ready`);
    if (action === 'start') command.option('--no-deps', 'neither start what they depend on nor wait for it');
    command
      .option(...json)
      .addHelpText('after', startExamples[action])
      .action((names: string[], { deps }, command: Command) =>
        perform(command.optsWithGlobals(), async (invocation) =>
          (await import('./commands/start.ts')).start(action, { names, dependencies: deps }, invocation),
        ),
      );
  }
  program
    .command('stop <names...>')
    .description('stop processes and all they have started')
    .option(...json)
    .addHelpText('after', stopExamples)
    .action((names: string[], _options, command: Command) =>
      perform(command.optsWithGlobals(), async (invocation) =>
        (await import('./commands/stop.ts')).stop(names, invocation),
      ),
    );
  program
    .command('why <name>')
    .description('explain why a process is where it is')
    .option(...json)
    .addHelpText('after', whyExamples)
    .action((name: string, _options, command: Command) =>
      perform(command.optsWithGlobals(), async (invocation) =>
        (await import('./commands/why.ts')).why(name, invocation),
      ),
    );
}
