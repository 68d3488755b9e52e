import { type Command, Option } from 'commander';
import { type Perform, withConfigFlags } from './flags.ts';

const upExamples = `
Examples:
  promptbin up                      everything, in this terminal; Ctrl-C stops it all
  promptbin up web --detach         web and what it depends on, left in the background
  promptbin up --wait --timeout 2m  until all are ready; exit code 1 when one has failed for good, or time is up
  promptbin up web --only           web and what it depends on, and nothing else: the others are stopped
  promptbin up web --no-deps        web alone, at once
  promptbin up --set web.port=0     with a value over those of the files`;

/** As commander gives them. */
interface UpFlags {
  readonly detach?: true;
  readonly wait: boolean;
  readonly timeout?: string;
  readonly only: boolean;
  readonly deps: boolean;
  readonly watchConfig: boolean;
  readonly background?: true;
  readonly ephemeral?: true;
}

/** The command that starts a manager, or has the running one start something. */
export function addUpCommand(program: Command, perform: Perform): void {
  withConfigFlags(program.command('up [names...]'))
    .description('start processes (default: all with autostart) and stay with them, or attach to the running manager')
    .option('-d, --detach', 'leave them to a manager in the background, once each is ready or keeps failing')
    .option('--wait', 'as --detach, but go on waiting while a restart may still help', false)
    .option('--timeout <duration>', 'with --detach or --wait: wait no longer than this, such as 90s')
    .option('--only', 'with names: stop all others', false)
    .option('--no-deps', 'with names: neither start what they depend on nor wait for it')
    .option('--watch-config', 'take the config anew whenever it changes', false)
    .option('--json', 'print events as JSON lines; with --detach, the status')
    .addOption(hidden('--background'))
    .addOption(hidden('--ephemeral'))
    .addHelpText('after', upExamples)
    .action((names: string[], flags: UpFlags, command: Command) => {
      refuseVain(names, flags, command);
      const { detach, wait, timeout, watchConfig, only, deps, background = false, ephemeral = false } = flags;
      return perform(command.optsWithGlobals(), async (invocation) => {
        const common = { names, only, dependencies: deps, watchConfig };
        if (!detach && !wait) {
          return (await import('./commands/up.ts')).up({ ...common, background, ephemeral }, invocation);
        }
        const waiting = { patient: wait, ...(timeout !== undefined && { timeout }) };
        return (await import('./commands/detach.ts')).detach({ ...common, ...waiting }, invocation);
      });
    });
}

/** What would have no effect is a mistake. */
function refuseVain(names: readonly string[], { detach, wait, timeout, only, deps }: UpFlags, command: Command): void {
  if (names.length === 0 && only) command.error('error: --only needs the names of processes');
  if (names.length === 0 && !deps) command.error('error: --no-deps needs the names of processes');
  if (timeout !== undefined && !detach && !wait) command.error('error: --timeout needs --detach or --wait');
}

/** For the managers that promptbin itself starts. */
function hidden(flags: string): Option {
  return new Option(flags).hideHelp();
}
