import type * as z from 'zod';
import type { ManagerEvent } from './events.ts';

export type ErrorCode = `PB_${Uppercase<string>}`;

/** Who asks, for the audit, and how to take it back. */
export interface Call {
  /** Such as `cli`, `mcp:claude-code`, `program`. */
  readonly caller: string;
  readonly signal: AbortSignal;
}

/** Something a person, an agent or a program may ask for. CLI, control socket and MCP are views of one list of these. */
export interface Command<I extends z.ZodType = z.ZodType, O = unknown> {
  readonly name: `${string}.${string}`;
  readonly summary: string;
  readonly effect: 'read' | 'write' | 'destructive';
  readonly input: I;
  /** MCP tool name, when agents should see it. */
  readonly tool?: string;
  run(input: z.output<I>, call: Call): O | Promise<O>;
}

/** A command without what runs it: all that a view needs. */
export type CommandSpec<I extends z.ZodType = z.ZodType> = Omit<Command<I>, 'run'>;

/** A command as it is shown over the socket: `input` is a JSON Schema. */
export interface CommandInfo {
  readonly name: string;
  readonly summary: string;
  readonly effect: Command['effect'];
  readonly tool?: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface PublicError {
  readonly code: ErrorCode;
  readonly message: string;
  /** One imperative sentence. */
  readonly hint?: string;
}

/** `value` rides on a failure too when the failing command has facts to show, such as the status of what did not start. */
export type CommandResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: PublicError; readonly value?: unknown };

export interface SubscribeOptions {
  /** Replay what came after this `seq` first. Without it, only what comes from now on. */
  readonly after?: number;
  readonly signal?: AbortSignal;
}

/** The manager is one; the client of the control socket is another. */
export interface CommandPort {
  commands(): Promise<readonly CommandInfo[]>;
  /** Never rejects for what the command did: faults come back as `ok: false`. */
  call(
    name: string,
    input: unknown,
    call: { readonly caller: string; readonly signal?: AbortSignal },
  ): Promise<CommandResult>;
  subscribe(options?: SubscribeOptions): AsyncIterable<ManagerEvent>;
}
