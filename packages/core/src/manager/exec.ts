import type { Surroundings } from '../contract/manager.ts';
import type { ChildTerminal } from '../contract/runner.ts';
import type { ExecService } from '../contract/services.ts';
import { PromptbinError } from '../errors/error.ts';
import type { SideCommands } from '../process/beside.ts';
import { identityOf } from '../process/env.ts';
import type { Run } from '../process/incarnation.ts';
import type { Supervisor } from '../process/supervisor.ts';

/** The `exec` service: commands beside the processes of this manager. */
export function createExec(supervisors: ReadonlyMap<string, Supervisor>, commands: SideCommands): ExecService {
  return {
    async run(name, command, options) {
      return commands.run(presentRun(name, supervisors.get(name)), command, options);
    },
  };
}

/** @throws PromptbinError `PB_EXEC_DOWN` */
export function presentRun(name: string, supervisor: Pick<Supervisor, 'run'> | undefined): Run {
  const run = supervisor?.run;
  if (run !== undefined && !run.over.aborted) return run;
  throw new PromptbinError('PB_EXEC_DOWN', `"${name}" is not up, so nothing can run beside it.`, {
    process: name,
    hint: 'Start it first.',
  });
}

/** @throws PromptbinError `PB_TTY_NONE` */
export function presentTerminal(
  name: string,
  supervisor: Pick<Supervisor, 'terminal' | 'spec'> | undefined,
): ChildTerminal {
  const terminal = supervisor?.terminal;
  if (terminal !== undefined) return terminal;
  const isDown = supervisor?.spec.tty ?? true;
  const message = isDown ? `"${name}" is not up, so nobody can attach to it.` : `"${name}" does not run in a terminal.`;
  throw new PromptbinError('PB_TTY_NONE', message, {
    process: name,
    hint: isDown ? 'Start it first.' : `Set its "tty" in the config, or use: promptbin logs -f ${name}`,
  });
}

/** What marks a child of a manager, by which its tree is found and ended, and what it tells how it is by. */
const marks = [
  ...Object.keys(identityOf('', { root: '', stamp: '', generation: 0 })),
  ...['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID'],
];

/** What a program that is none of the manager's gets to run beside a process. */
export function surroundingsOf({ plan: { cwd, env } }: Run): Surroundings {
  return { cwd, env: Object.fromEntries(Object.entries(env).filter(([key]) => !marks.includes(key))) };
}
