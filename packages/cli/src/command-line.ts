import { Console } from 'node:console';
import { CommanderError } from 'commander';
import { type ExitCode, exitCodeOf, exitCodes, type ForeignCode } from './exit-codes.ts';
import { publicError } from './fault.ts';
import { createProgram } from './program.ts';
import { failureJson, showFault } from './render/failure.ts';
import { Screen } from './render/screen.ts';

/** Runs one command line and ends the process with its exit code. */
export async function runCommandLine(argv: readonly string[]): Promise<never> {
  const out = new Screen(process.stdout);
  const err = new Screen(process.stderr);
  // What a config or a plugin prints is not what a program has asked for.
  if (argv.includes('--json')) Object.assign(console, new Console(process.stderr, process.stderr));
  let code: ExitCode | ForeignCode = exitCodes.done;
  const program = createProgram(async ({ project, config, set = [], mode, json, quiet }, run) => {
    if (quiet) for (const screen of [out, err]) screen.hush();
    const choice = { ...(project !== undefined && { project }), ...(config !== undefined && { config }) };
    code = await run({ ...choice, set, ...(mode !== undefined && { mode }), json: json === true, out, err });
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (cause) {
    if (cause instanceof CommanderError) code = cause.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    else {
      const error = publicError(cause);
      if (argv.includes('--json')) out.json(failureJson(cause));
      else await showFault(err, cause);
      code = exitCodeOf({ ...error, details: (cause as { details?: unknown } | undefined)?.details });
    }
  }
  await Promise.all([out.flush(), err.flush()]);
  // A plugin that has left a timer or a socket behind must not keep a manager that has ended.
  process.exit(code);
}
