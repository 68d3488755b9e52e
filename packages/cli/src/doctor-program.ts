import type { Command } from 'commander';
import { json, type Perform, withConfigFlags } from './flags.ts';

const doctorExamples = `
Examples:
  promptbin doctor                 what is wrong here; exit code 1 when something is
  promptbin doctor --fix           end leftovers and remove what is stale, after asking
  promptbin doctor --fix --yes     without asking
  promptbin doctor orphans         what managers that were killed have left running; exit code 1 when there is something`;

const reportExamples = `
Examples:
  promptbin report                     a file in this folder, to be attached to a bug report
  promptbin report --output bug.json   with a name of its own; "-" is stdout`;

const upgradeExamples = `
Examples:
  promptbin upgrade-check              exit code 1 when the registry does not tell
  promptbin upgrade-check --json       for programs`;

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
  withConfigFlags(program.command('report'))
    .description('write down how the project is and how that came, without secrets, for a bug report')
    .option('-o, --output <file>', 'where to; "-" is stdout (default: promptbin-report-TIME.json here)')
    .option(...json)
    .addHelpText('after', reportExamples)
    .action(({ output }: { output?: string }, command: Command) =>
      perform(command.optsWithGlobals(), async (invocation) =>
        (await import('./commands/report.ts')).report(output, invocation),
      ),
    );
  program
    .command('upgrade-check')
    .description('ask the registry of npm for the newest version; nothing else ever does')
    .option(...json)
    .addHelpText('after', upgradeExamples)
    .action((_options, command: Command) =>
      perform(command.optsWithGlobals(), async (invocation) =>
        (await import('./commands/upgrade-check.ts')).upgradeCheck(invocation),
      ),
    );
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
