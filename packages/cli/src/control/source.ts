import type { ChildTerminal, CommandPort, OutputLine, ProcessView, Surroundings } from '@promptbin/core';
import type { ManagerRecord } from './record.ts';

export interface ManagerStatus {
  readonly version: 1;
  readonly manager: ManagerRecord & {
    readonly state: 'starting' | 'running' | 'closing';
    /** It ends by itself when the last MCP client has gone. */
    readonly ephemeral: boolean;
  };
  readonly processes: readonly ProcessView[];
}

export interface LineQuery {
  /** At most this many of the lines that are there already, the newest. Default: all that is kept. */
  readonly tail?: number;
  /** Only lines with a greater `seq`. */
  readonly after?: number;
  /** Go on with the lines that come, until the signal or the manager ends. */
  readonly follow?: boolean;
  readonly signal?: AbortSignal;
}

/** A manager as a terminal sees it: the one in this process, or the one behind the control socket. */
export interface ManagerSource extends CommandPort {
  status(): Promise<ManagerStatus>;
  /** It stays from now on, whoever started it: somebody wants it for more than its MCP clients. */
  keep(): Promise<void>;
  /** Secrets are not hidden: for who may open the socket. Rejects with PB_PROCESS_UNKNOWN and PB_EXEC_DOWN. */
  surroundings(name: string): Promise<Surroundings>;
  /** Secrets are not hidden. Rejects with PB_PROCESS_UNKNOWN and PB_TTY_NONE. */
  terminal(name: string): Promise<ChildTerminal>;
  /** Lines that a slow reader has missed show as a gap in `seq`. Rejects with PB_PROCESS_UNKNOWN. */
  lines(name: string, query?: LineQuery): AsyncIterable<OutputLine>;
}
