export interface UpOptions {
  readonly names: readonly string[];
  /** This is the manager that somebody starts in the background: it says nothing and attaches to no other. */
  readonly background: boolean;
  /** Ends when the last MCP client has gone. */
  readonly ephemeral: boolean;
}

export interface LogsOptions {
  /** Of all processes when absent. */
  readonly name?: string;
  readonly follow: boolean;
  /** How many of the newest lines of each process. */
  readonly lines: number;
}
