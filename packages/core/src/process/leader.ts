import type { ChildTerminal } from '../contract/runner.ts';
import type { ChildInput } from './input.ts';

/** The leader of a process group and its pipes. */
export interface Child {
  readonly pid: number;
  readonly alive: boolean;
  /** Absent when its stdin is neither a pipe nor a terminal. */
  readonly input?: Pick<ChildInput, 'write'>;
  readonly terminal?: ChildTerminal;
  /** Sends a signal to the leader alone. False when it has exited. */
  signal(signal: NodeJS.Signals): boolean;
  /** Resolves as soon as the leader has exited. */
  readonly exited: Promise<Exit>;
  /** Resolves when what a leader that has exited wrote before has been passed on, at most 500 ms later. */
  drain(): Promise<void>;
  /** Ends capture, whoever still holds the other ends. */
  closePipes(): void;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}
