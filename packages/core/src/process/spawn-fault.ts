import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import type { CauseCode } from '../contract/process.ts';
import type { LaunchPlan } from '../contract/runner.ts';
import { messageOf, PromptbinError } from '../errors/error.ts';
import { mayExecute } from '../files/executable.ts';

/** Where `execvp` looks when the environment has no PATH. */
const defaultPath = '/bin:/usr/bin';

/** Makes an error for people of what the kernel said: its ENOENT may mean the folder, the command or its interpreter. */
export function explainSpawnFault(plan: LaunchPlan, cause: unknown): PromptbinError {
  return spawnFault(plan.name, folderFault(plan.cwd) ?? commandFault(plan, cause), cause);
}

/** What would be in the way of a spawn, as far as it can be seen before: the folder and the command. Undefined when nothing is. */
export function foreseeSpawnFault(
  plan: Pick<LaunchPlan, 'name' | 'command' | 'cwd' | 'env' | 'shell'>,
): PromptbinError | undefined {
  const inTheWay = folderFault(plan.cwd);
  if (inTheWay !== undefined) return spawnFault(plan.name, inTheWay);
  const isThere = plan.shell || candidates(plan).some((file) => mayExecute(file) && statSync(file).isFile());
  return isThere ? undefined : spawnFault(plan.name, notFound(plan));
}

function spawnFault(process: string, { causeCode, message, hint }: Explanation, cause?: unknown): PromptbinError {
  return new PromptbinError('PB_SPAWN_FAILED', message, { process, details: { causeCode }, hint, cause });
}

interface Explanation {
  readonly causeCode: Extract<
    CauseCode,
    'commandNotFound' | 'permissionDenied' | 'missingFile' | 'exhausted' | 'unknown'
  >;
  readonly message: string;
  readonly hint?: string;
}

function folderFault(folder: string): Explanation | undefined {
  const stats = statSync(folder, { throwIfNoEntry: false });
  const hint = 'Correct `cwd` of the process.';
  if (stats === undefined) return { causeCode: 'missingFile', message: `folder "${folder}" does not exist`, hint };
  if (!stats.isDirectory()) return { causeCode: 'missingFile', message: `"${folder}" is not a folder`, hint };
  if (mayExecute(folder)) return undefined;
  return { causeCode: 'permissionDenied', message: `folder "${folder}" may not be entered`, hint };
}

function commandFault(plan: LaunchPlan, fault: unknown): Explanation {
  const { command } = plan;
  switch ((fault as NodeJS.ErrnoException | undefined)?.code) {
    case 'ENOENT':
      return notFound(plan);
    case 'EACCES':
      return {
        causeCode: 'permissionDenied',
        message: `"${command}" is not executable`,
        hint: `Run \`chmod +x\` on it, or put its interpreter first in \`command\`.`,
      };
    case 'E2BIG':
      return { causeCode: 'unknown', message: `the arguments and the environment of "${command}" are too long` };
    case 'EMFILE':
    case 'ENFILE':
      return {
        causeCode: 'exhausted',
        message: `"${command}" cannot be run: too many files are open`,
        hint: 'Raise the limit of open files (`ulimit -n`).',
      };
    case 'EAGAIN':
      return {
        causeCode: 'exhausted',
        message: `"${command}" cannot be run: this user has too many processes`,
        hint: 'Raise the limit of processes (`ulimit -u`).',
      };
    case 'ENOMEM':
      return { causeCode: 'exhausted', message: `"${command}" cannot be run: no memory is left` };
    default:
      return { causeCode: 'unknown', message: `"${command}" cannot be run: ${messageOf(fault)}` };
  }
}

function notFound(plan: Where): Explanation {
  const { command } = plan;
  const file = candidates(plan).find(mayExecute);
  if (file !== undefined) {
    const interpreter = readInterpreter(file);
    const what = interpreter === undefined ? 'the program that runs it' : `its interpreter "${interpreter}"`;
    const hint = 'Install the interpreter, or make the file anew: a moved virtual environment looks like this.';
    return { causeCode: 'commandNotFound', message: `"${file}" cannot be run: ${what} does not exist`, hint };
  }
  if (command.includes('/')) {
    const hint = 'Correct `command`; a relative path starts at `cwd`.';
    return { causeCode: 'commandNotFound', message: `command "${command}" does not exist`, hint };
  }
  const hint = 'Install it, or name it by its path.';
  return { causeCode: 'commandNotFound', message: `command "${command}" was not found in PATH`, hint };
}

type Where = Pick<LaunchPlan, 'command' | 'cwd' | 'env'>;

/** The files that `execvp` tries: PATH is the child's, and relative parts of it start at its folder. */
function candidates({ command, cwd, env }: Where): readonly string[] {
  if (command.includes('/')) return [resolve(cwd, command)];
  return (env.PATH ?? defaultPath).split(delimiter).map((folder) => resolve(cwd, folder, command));
}

/** What the first line of a script names after `#!`. */
function readInterpreter(file: string): string | undefined {
  const head = Buffer.alloc(256);
  try {
    const descriptor = openSync(file, 'r');
    readSync(descriptor, head);
    closeSync(descriptor);
  } catch {
    return undefined;
  }
  return /^#!\s*(\S+)/.exec(head.toString('latin1'))?.[1];
}
