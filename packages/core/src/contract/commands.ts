import type * as z from 'zod';
import type { ManagerEvent } from './events.ts';

export type ErrorCode = `PB_${Uppercase<string>}`;

/** Who asks, for the audit, and how to take it back. */
export interface CallOptions {
  /** Such as `cli`, `mcp:claude-code/2.1.0`, `program`. */
  readonly caller: string;
  readonly signal?: AbortSignal;
  /**
   * False for a model that acts by itself: what needs a person's consent is refused with `PB_CONFIRM_NEEDED`, and the call
   * is made again once a person has agreed. Default true.
   */
  readonly confirmed?: boolean;
}

/** A call as its command sees it. */
export type Call = Required<CallOptions>;

/** Something a person, an agent or a program may ask for. CLI, control socket and MCP are views of one list of these. */
export interface Command<I extends z.ZodType = z.ZodType, O = unknown> {
  readonly name: `${string}.${string}`;
  readonly summary: string;
  readonly effect: 'read' | 'write' | 'destructive';
  readonly input: I;
  /** Schema of the value, an object: agents see it beside the tool, and a value that does not fit it is a failure. */
  readonly output?: z.ZodType;
  /** MCP tool name, when agents should see it: at most 64 of `A-Z a-z 0-9 _ -`. */
  readonly tool?: string;
  /** The set of tools that it is part of, such as `admin`: agents see it only where that is asked for. Default: they see it. */
  readonly toolset?: string;
  /** With `effect: 'read'` only: the value is a resource of MCP, too. Undefined means that there is no such resource. */
  readonly resource?: CommandResource;
  run(input: z.output<I>, call: Call): O | Promise<O>;
}

/** Where a client finds the value of a command. */
export interface CommandResource {
  /** Such as `notes://all`; or with fields of the input as variables, one for each that is required: `notes://note/{id}`. */
  readonly uri: string;
  /** For people. */
  readonly title?: string;
  /** Default `application/json`. With any other, a value that is a string is the text itself. */
  readonly mimeType?: string;
  /**
   * With variables: the command that lists what there is, called without input. Its value is a list, or an object whose
   * first list counts. The items are objects with the variables among their fields, and perhaps a `title`; with a single
   * variable they may be its values.
   */
  readonly list?: Command['name'];
}

/** A command without what runs it: all that a view needs. */
export type CommandSpec<I extends z.ZodType = z.ZodType> = Omit<Command<I>, 'run'>;

/** A command as it is shown over the socket: `input` and `output` are JSON Schemas. */
export interface CommandInfo {
  readonly name: string;
  readonly summary: string;
  readonly effect: Command['effect'];
  /** Who has added it; absent for those of core. */
  readonly plugin?: string;
  readonly tool?: string;
  readonly toolset?: string;
  readonly resource?: CommandResource;
  readonly input: Readonly<Record<string, unknown>>;
  readonly output?: Readonly<Record<string, unknown>>;
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
  /**
   * Replay what came after this `seq` first: where there is a journal, also of earlier managers. A gap in `seq` is what is no
   * longer kept. Without it, only what comes from now on.
   */
  readonly after?: number;
  readonly signal?: AbortSignal;
}

/** The manager is one; the client of the control socket is another. */
export interface CommandPort {
  commands(): Promise<readonly CommandInfo[]>;
  /** Never rejects for what the command did: faults come back as `ok: false`. */
  call(name: string, input: unknown, call: CallOptions): Promise<CommandResult>;
  subscribe(options?: SubscribeOptions): AsyncIterable<ManagerEvent>;
}
