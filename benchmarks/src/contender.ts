import type { Programs } from './programs.ts';

/** A program and its arguments. */
export type Command = readonly [string, ...string[]];

/** What a manager is to do: the same for each. */
export interface Job {
  /** What each of its processes runs. */
  readonly command: Command;
  readonly count: number;
  /** Whether what exits is started again, at once. */
  readonly restart: boolean;
  /** From SIGTERM to SIGKILL, ms. */
  readonly graceMs: number;
  /** Capture what the processes print, through the manager or written by the process itself. */
  readonly output?: 'pipe' | 'direct' | undefined;
  /** A folder: when a file in it changes, the processes are started anew. */
  readonly watch?: string | undefined;
}

/** How a manager does it. */
export interface Plan {
  readonly start: Command;
  readonly env?: Readonly<Record<string, string>>;
  /** How it is asked to stop everything: a signal to what was started, or a command. */
  readonly stop: NodeJS.Signals | Command;
  /** What was started ends at once; the manager is a process whose pid is in this file. */
  readonly pidFile?: string;
  /** Shows all processes. */
  readonly status?: Command;
  /** Where the output of its only process is. Default: what was started prints it. */
  readonly output?: string;
}

export interface Machine {
  readonly programs: Programs;
  /** Of the benchmark package. */
  readonly root: string;
  /** Where promptbin is: `node_modules` and `runs` are in it. */
  readonly install: string;
}

export interface Contender {
  readonly name: string;
  readonly role: 'promptbin' | 'floor' | 'node' | 'npm' | 'system';
  /** The version, or undefined where it is not installed. Rejects never. */
  find(machine: Machine): Promise<string | undefined>;
  /**
   * Writes what it needs into `folder`, which is empty at first, and the same for a second manager of the same project.
   *
   * @returns undefined when it has no such thing to offer
   */
  plan(job: Job, folder: string, machine: Machine): Plan | undefined;
  /** Its own commands, for how long they take to answer. */
  readonly cli?: (machine: Machine) => { readonly version: Command; readonly help?: Command };
}
