import { delimiter, join } from 'node:path';
import type { ProcessAttributes } from '../contract/process-options.ts';
import type { LaunchPlan } from '../contract/runner.ts';
import { PromptbinError } from '../errors/error.ts';
import { mayExecute } from '../files/executable.ts';

/** The descriptor that a socket is handed over as; systemd begins there, too. */
export const handoffFd = 3;

/** A program and its arguments. */
export type CommandLine = readonly [command: string, ...args: string[]];

/**
 * The command line that takes on the attributes of a plan and then becomes its command, by `exec`: the pid and the group stay the same. Undefined when there are none.
 *
 * @param isHandoff whether it gets a socket: it is told so as systemd does, by its own pid
 * @throws PromptbinError `PB_SPAWN_FAILED` when a tool that takes an attribute on is missing
 */
export function withAttributes(plan: LaunchPlan, isHandoff: boolean): CommandLine | undefined {
  const { name, attributes = {} } = plan;
  const { umask, nice, ulimit } = attributes;
  const settings = [
    ...(umask === undefined ? [] : [`umask ${umask}`]),
    ...(isHandoff ? ['export LISTEN_FDS=1 LISTEN_PID=$$'] : []),
  ];
  const tool = (tool: string, key: string, ...args: string[]): string[] => [findTool(tool, name, key), ...args];
  const before = [
    ...(settings.length === 0 ? [] : ['/bin/sh', '-c', `${settings.join(' && ')} && exec "$@"`, 'promptbin']),
    ...(ulimit === undefined ? [] : tool('prlimit', 'ulimit', ...limitsOf(ulimit))),
    ...(nice === undefined ? [] : tool('nice', 'nice', '-n', String(nice))),
    ...(attributes.group === undefined ? [] : tool('setpriv', 'user', ...ownerOf(attributes))),
  ];
  const [first, ...rest] = before;
  if (first === undefined) return undefined;
  return [first, ...rest, ...wordsOf(plan)];
}

/** What a plan runs, a shell included. */
export function wordsOf({ command, args, shell }: LaunchPlan): CommandLine {
  return shell ? ['/bin/sh', '-c', [command, ...args].join(' ')] : [command, ...args];
}

function limitsOf(ulimit: NonNullable<ProcessAttributes['ulimit']>): readonly string[] {
  return Object.entries(ulimit).map(([resource, value]) => `--${resource}=${value}`);
}

function ownerOf({ user, group }: ProcessAttributes): readonly string[] {
  if (user === undefined) return [`--regid=${group}`, '--clear-groups'];
  return [`--reuid=${user}`, `--regid=${group}`, /^\d+$/.test(user) ? '--clear-groups' : '--init-groups'];
}

/** By the PATH of the manager: that of the child may be anything. */
function findTool(tool: string, name: string, key: string): string {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/bin'];
  const file = folders.map((folder) => join(folder, tool)).find(mayExecute);
  if (file !== undefined) return file;
  throw new PromptbinError('PB_SPAWN_FAILED', `"${tool}", which takes on "${key}", was not found in PATH`, {
    process: name,
    details: { causeCode: 'commandNotFound' },
    hint: `Install it (package util-linux; Linux only), or take "${key}" out of the config.`,
  });
}
