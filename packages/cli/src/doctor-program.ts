import type { Command } from 'commander';
import { json, type Perform, withConfigFlags } from './flags.ts';

const doctorExamples = `
Examples:
  promptbin doctor                 what is wrong here; exit code 1 when something is
  promptbin doctor --fix           end leftovers and remove what is stale, after asking
  promptbin doctor --fix --yes     without asking
  promptbin doctor orphans         what managers that were killed have left running; exit code 1 when there is something`;

/** The commands for when something does not work. */
export function addDoctorCommands(program: Command, perform: Perform): void {
  const doctor = withConfigFlags(program.command('doctor'))
    .description('look for what keeps a project from working: leftovers, ports, stale files, limits, the config')
    .option('--fix', 'say what can be mended, ask, and do it', false)
    .option('--yes', 'with --fix: do not ask', false)
    .option(...json)
    .addHelpText('after', doctorExamples)
    .action(({ fix, yes }, command: Command) => {
      if (yes && !fix) command.error('error: --yes needs --fix');
      return perform(command.optsWithGlobals(), async (invocation) =>
        (await import('./commands/doctor.ts')).doctor({ fix, yes }, invocation),
      );
    });
  doctor
    .command('orphans')
    .description('list the processes that managers which are gone have left running')
    .option(...json)
    .addHelpText('after', doctorExamples)
    .action((_options, command: Command) =>
      perform(command.optsWithGlobals(), async (invocation) =>
        (await import('./commands/doctor.ts')).doctorOrphans(invocation),
      ),
    );
}
