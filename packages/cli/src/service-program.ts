import { type Command, Option } from 'commander';
import { json, type Perform, withConfigFlags } from './flags.ts';

const installExamples = `
Examples:
  promptbin service install > ~/.config/systemd/user/shop.service     a service of your own; stderr tells what to run then
  promptbin service install --system                                  for the whole machine, as the user that you are
  promptbin service install --for launchd                             for macOS`;

/** The commands about init systems. */
export function addServiceCommands(program: Command, perform: Perform): void {
  const service = program
    .command('service')
    .description('have an init system run the manager at boot')
    .addHelpText('after', installExamples);
  withConfigFlags(service.command('install'))
    .description('print a unit of systemd, or a property list of launchd, and what to do with it; changes nothing')
    .addOption(new Option('--for <init>', 'default: that of this platform').choices(['systemd', 'launchd']))
    .option('--system', 'for the whole machine, and not for your own sessions', false)
    .option(...json)
    .addHelpText('after', installExamples)
    .action(({ for: init, system }, command: Command) =>
      perform(command.optsWithGlobals(), async (invocation) =>
        (await import('./commands/service.ts')).serviceInstall({ system, ...(init && { init }) }, invocation),
      ),
    );
}
