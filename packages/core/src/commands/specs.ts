import * as z from 'zod';
import type { CommandResource, CommandSpec } from '../contract/commands.ts';
import { eventsSpec, logsSpec, waitSpec } from './reading-specs.ts';
import { name, type Spec, timeoutSec } from './spec-fields.ts';
import { sendSpec, signalSpec } from './steering-specs.ts';

// The inputs of core's own commands. What runs them is in `builtin.ts`; a view that is not in the manager's process
// (the MCP bridge) needs only these files.

const wait: z.ZodDefault<z.ZodEnum<{ ready: 'ready'; none: 'none' }>> = z
  .enum(['ready', 'none'])
  .default('ready')
  .describe('Answer when ready, or at once.');

/** Every phase, for filters. */
export const phases: readonly [
  'stopped',
  'waiting',
  'starting',
  'running',
  'stopping',
  'backoff',
  'completed',
  'failed',
] = ['stopped', 'waiting', 'starting', 'running', 'stopping', 'backoff', 'completed', 'failed'];

export interface ListInput {
  phase?: (typeof phases)[number] | undefined;
}
export interface NameInput {
  name: string;
}
export interface GetInput extends NameInput {
  probe: boolean;
}
export interface StartInput {
  name: string;
  wait: 'ready' | 'none';
  timeoutSec: number;
  dependencies: boolean;
}
export interface RestartInput extends Omit<StartInput, 'dependencies'> {
  reason?: string | undefined;
}
export interface OutputInput {
  known: Record<string, number>;
  waitSec: number;
}
export interface ReloadInput {
  dryRun: boolean;
  set: string[];
  mode?: string | undefined;
}
export interface StopInput {
  name: string;
  graceSec?: number | undefined;
}

type ResourceSpec<I> = Spec<I> & { readonly resource: CommandResource };

export const listSpec: ResourceSpec<ListInput> = {
  name: 'process.list',
  tool: 'list_processes',
  summary: 'All processes: phase, readiness, health, pid, URL, restarts and, when down, the cause.',
  effect: 'read',
  resource: { uri: 'promptbin://processes' },
  input: z.strictObject({ phase: z.enum(phases).optional().describe('Only processes in this phase.') }),
};

export const getSpec: ResourceSpec<GetInput> = {
  name: 'process.get',
  tool: 'get_process',
  summary: 'One process: its status, last exit, CPU and memory, the errors it has written, and a cursor for its logs.',
  effect: 'read',
  resource: { uri: 'promptbin://processes/{name}', list: 'process.list' },
  input: z.strictObject({
    name,
    probe: z.boolean().default(false).describe('Run its health checks now, too.'),
  }),
};

export const explainSpec: Spec<NameInput> = {
  name: 'process.explain',
  tool: 'explain_process',
  summary: 'Why a process is where it is: verdict, cause, evidence, the chain of events, what to do next.',
  effect: 'read',
  input: z.strictObject({ name }),
};

export const startSpec: Spec<StartInput> = {
  name: 'process.start',
  tool: 'start_process',
  summary: 'Ensures that a process is up and ready at its URL. Clears a crash loop. On failure tells why.',
  effect: 'write',
  input: z.strictObject({
    name,
    wait,
    timeoutSec,
    dependencies: z.boolean().default(true).describe('With what it depends on, or alone.'),
  }),
};

export const restartSpec: Spec<RestartInput> = {
  name: 'process.restart',
  tool: 'restart_process',
  summary: 'Stops and starts a process as one operation, and waits until it is ready. On failure tells why.',
  effect: 'destructive',
  input: z.strictObject({ name, wait, timeoutSec, reason: z.string().max(200).optional() }),
};

export const stopSpec: Spec<StopInput> = {
  name: 'process.stop',
  tool: 'stop_process',
  summary: 'Stops a process and everything it started; the receipt proves that nothing is left.',
  effect: 'destructive',
  input: z.strictObject({
    name,
    graceSec: z
      .number()
      .min(0)
      .max(300)
      .optional()
      .describe('From the signal to SIGKILL, seconds; default as configured.'),
  }),
};

export const reloadSpec: Spec<ReloadInput> = {
  name: 'config.reload',
  tool: 'reload_config',
  toolset: 'admin',
  summary: 'Reads the config again and touches only what differs. An invalid one changes nothing and says why.',
  effect: 'destructive',
  input: z.strictObject({
    dryRun: z.boolean().default(false).describe('Only tell what would be done.'),
    set: z.array(z.string()).default([]).describe('Over what files say, such as "web.port=0"; from now on.'),
    mode: z.string().optional().describe('What a config that is a function is told; from now on.'),
  }),
};

export const configSpec: ResourceSpec<NameInput> = {
  name: 'process.config',
  summary: 'The settings of a process as they are in force, defaults filled in and secrets hidden.',
  effect: 'read',
  resource: { uri: 'promptbin://processes/{name}/config', list: 'process.list' },
  input: z.strictObject({ name }),
};

export const outputSpec: Spec<OutputInput> = {
  name: 'process.output',
  summary: 'Waits until a process has written more than the caller knows of, and tells how far each has come.',
  effect: 'read',
  input: z.strictObject({
    known: z
      .record(z.string(), z.number())
      .default({})
      .describe('By name, the number of the newest line that is known.'),
    waitSec: z.number().min(0).max(3600).default(30).describe('How long to wait at most, in seconds.'),
  }),
};

export const managerStatusSpec: Spec<Record<string, never>> = {
  name: 'manager.status',
  summary: 'The manager itself: pid, project folder, since when, plugins.',
  effect: 'read',
  input: z.strictObject({}) as z.ZodType<Record<string, never>>,
};

export const managerStopSpec: Spec<{ force: boolean }> = {
  name: 'manager.stop',
  summary: 'Stops every process in reverse order of dependency, then the manager.',
  effect: 'destructive',
  input: z.strictObject({ force: z.boolean().default(false).describe('Skip every grace.') }),
};

/** The commands that agents see, in the order in which they are listed. */
export const toolSpecs: readonly CommandSpec[] = [
  listSpec,
  getSpec,
  explainSpec,
  logsSpec,
  waitSpec,
  eventsSpec,
  startSpec,
  restartSpec,
  stopSpec,
  reloadSpec,
  signalSpec,
  sendSpec,
];
