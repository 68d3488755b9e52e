import type { Command } from 'commander';
import { usualDetachKeys } from './control/detach-keys.ts';
import { json, type Perform } from './flags.ts';

const sendExamples = `
Examples:
  promptbin send console "print(1 + 1)"      a line to what its config gives "stdin": "pipe"
  promptbin send console "" --json           an empty one; "logCursor" is where its answer begins`;

const signalExamples = `
Examples:
  promptbin signal web HUP          have it read its files anew
  promptbin signal worker USR1      SIGUSR1 and usr1 mean the same`;

const attachExamples = `
Examples:
  promptbin attach console                         what you type goes to it, what it shows comes here
  promptbin attach console --detach-keys ctrl-a,d  as in screen`;

const execExamples = `
Examples:
  promptbin exec web -- python manage.py migrate     with its variables, in its folder, on this terminal
  promptbin exec web -- sh -c 'echo $PORT'           what comes after "--" is the program's own
  promptbin exec db -- sh                            a shell as the process sees it`;

/** The commands that reach into a process. */
export function addSteeringCommands(program: Command, perform: Perform): void {
  program
    .command('send <name> <text>')
    .description('write a line to the stdin of a process')
    .option(...json)
    .addHelpText('after', sendExamples)
    .action((name: string, text: string, _options, command: Command) =>
      perform(command.optsWithGlobals(), async (invocation) =>
        (await import('./commands/send.ts')).send(name, text, invocation),
      ),
    );
  program
    .command('attach <name>')
    .description('use the terminal of a process that has "tty"; ctrl-p ctrl-q detaches, and it goes on')
    .option('--detach-keys <keys>', 'other keys to detach, such as ctrl-a,d', usualDetachKeys)
    .addHelpText('after', attachExamples)
    .action((name: string, options: { detachKeys: string }, command: Command) =>
      perform(command.optsWithGlobals(), async (invocation) =>
        (await import('./commands/attach-process.ts')).attachProcess(name, options, invocation),
      ),
    );
  program
    .command('exec <name> <command...>')
    .description('run a program in the environment and the folder of a process that is up; its exit code is passed on')
    .addHelpText('after', execExamples)
    .action((name: string, words: string[], _options, command: Command) =>
      perform(command.optsWithGlobals(), async (invocation) =>
        (await import('./commands/exec.ts')).exec(name, words, invocation),
      ),
    );
  program
    .command('signal <name> <signal>')
    .description('send a signal to a process, not to those it has started')
    .option(...json)
    .addHelpText('after', signalExamples)
    .action((name: string, signal: string, _options, command: Command) =>
      perform(command.optsWithGlobals(), async (invocation) =>
        (await import('./commands/signal.ts')).signal(name, signal, invocation),
      ),
    );
}
