import { foreseeSpawnFault, plural } from '@promptbin/core';
import { inspectProject } from '../commands/connection.ts';
import type { Invocation } from '../commands/invocation.ts';
import { publicError } from '../fault.ts';
import type { Finding } from './finding.ts';

/** What checks look at of a process, as its config is shown. */
export interface ConfiguredProcess {
  readonly name: string;
  /** A string for a shell. */
  readonly command: string | readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | null>>;
  /** 0 is any free one. */
  readonly port?: { readonly preferred: number; readonly strict: boolean };
}

export interface ConfigOutcome {
  readonly finding: Finding;
  /** None when the config cannot be used. */
  readonly processes: readonly ConfiguredProcess[];
}

/** Whether a manager would take the config. */
export async function configFinding(invocation: Invocation): Promise<ConfigOutcome> {
  try {
    const { loaded, inspection } = await inspectProject(invocation);
    const written = inspection.config.processes as Readonly<Record<string, Omit<ConfiguredProcess, 'name'>>>;
    const processes = Object.entries(written).map(([name, process]) => ({ ...process, name }));
    const text = `${loaded.file} holds ${plural(processes.length, 'process', 'processes')} and ${plural(inspection.plugins.length, 'plugin')}`;
    return { finding: { check: 'config', level: 'ok', text }, processes };
  } catch (fault) {
    const { message } = publicError(fault);
    const [text = '', ...evidence] = message.split('\n');
    const finding = {
      check: 'config',
      level: 'problem',
      text,
      evidence,
      advice: 'Run: promptbin config check',
    } as const;
    return { finding, processes: [] };
  }
}

/** Whether what is to be run is there, for whoever runs this command: a manager may have been started with another PATH. */
export function* commandFindings(processes: readonly ConfiguredProcess[]): Generator<Finding> {
  let isFine = true;
  for (const { name, command, cwd, env } of processes) {
    const shell = typeof command === 'string';
    const plan = { name, command: shell ? command : command[0], cwd, shell, env: environment(env) };
    const fault = foreseeSpawnFault(plan);
    if (fault === undefined) continue;
    isFine = false;
    const { message, hint } = fault;
    yield { check: 'commands', level: 'problem', text: `${name}: ${message}`, ...(hint && { advice: hint }) };
  }
  if (isFine && processes.length > 0)
    yield { check: 'commands', level: 'ok', text: 'all commands and folders are there' };
}

function environment(own: ConfiguredProcess['env']): Record<string, string> {
  const all = Object.entries({ ...process.env, ...own });
  return Object.fromEntries(all.flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])));
}
