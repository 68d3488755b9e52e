import type { ExecService } from '../contract/services.ts';
import { PromptbinError } from '../errors/error.ts';
import type { SideCommands } from '../process/beside.ts';
import type { Supervisor } from '../process/supervisor.ts';

/** The `exec` service: commands beside the processes of this manager. */
export function createExec(supervisors: ReadonlyMap<string, Supervisor>, commands: SideCommands): ExecService {
  return {
    async run(name, command, options) {
      const run = supervisors.get(name)?.run;
      if (run === undefined || run.over.aborted) {
        throw new PromptbinError('PB_EXEC_DOWN', `"${name}" is not up, so nothing can run beside it.`, {
          process: name,
          hint: 'Start it first.',
        });
      }
      return commands.run(run, command, options);
    },
  };
}
