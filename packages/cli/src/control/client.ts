import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type {
  CallOptions,
  CommandInfo,
  CommandResult,
  ManagerEvent,
  OutputLine,
  PublicError,
  Surroundings,
} from '@promptbin/core';
import { fault, publicError, rethrown } from '../fault.ts';
import { http } from './http.ts';
import { readLines } from './ndjson.ts';
import { projectFiles } from './project.ts';
import { readRecord } from './record.ts';
import { callerHeader, unconfirmedHeader } from './routes.ts';
import { socketPath } from './socket-path.ts';
import type { ManagerSource, ManagerStatus } from './source.ts';
import { openTerminal, type RemoteTerminal } from './terminal-client.ts';

/** A manager behind its control socket. */
export interface ManagerConnection extends ManagerSource {
  terminal(name: string): Promise<RemoteTerminal>;
  /** Ends what is under way. */
  close(): void;
}

export interface ConnectOptions {
  /** Under which name its event streams count as a client, such as `mcp`. */
  readonly client?: string;
}

interface Message {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Connects to the manager of a project.
 *
 * @throws PromptbinError `PB_MANAGER_GONE` when none is running
 * @example
 * const manager = await connect(process.cwd());
 * const result = await manager.call('process.restart', { name: 'web' }, { caller: 'deploy' });
 */
export async function connect(projectFolder: string, options: ConnectOptions = {}): Promise<ManagerConnection> {
  // The record first: it knows the runtime folder of the manager, which may be another one than ours.
  const socket = readRecord(projectFiles(projectFolder).record)?.socket;
  const connection = new SocketConnection(projectFolder, socket ?? (await expectedSocket(projectFolder)), options);
  await connection.status();
  return connection;
}

/** What a question to a manager resolves with; undefined when there is none, or none any more. */
export async function unlessGone<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (cause) {
    if (publicError(cause).code === 'PB_MANAGER_GONE') return undefined;
    throw cause;
  }
}

async function expectedSocket(projectFolder: string): Promise<string> {
  try {
    return socketPath(projectFolder);
  } catch (cause) {
    throw await goneFault(projectFolder, cause);
  }
}

class SocketConnection implements ManagerConnection {
  readonly #project: string;
  readonly #socket: string;
  readonly #client: string | undefined;
  readonly #closed = new AbortController();

  constructor(project: string, socket: string, { client }: ConnectOptions) {
    this.#project = project;
    this.#socket = socket;
    this.#client = client;
  }

  status(): Promise<ManagerStatus> {
    return this.#get('/v1/status');
  }

  async keep(): Promise<void> {
    const response = await this.#sendOrGone({ method: 'POST', path: '/v1/keep' });
    response.resume();
  }

  commands(): Promise<readonly CommandInfo[]> {
    return this.#get('/v1/commands');
  }

  surroundings(name: string): Promise<Surroundings> {
    return this.#get(`/v1/surroundings/${encodeURIComponent(name)}`);
  }

  async terminal(name: string): Promise<RemoteTerminal> {
    try {
      return await openTerminal({ socketPath: this.#socket, name, signal: this.#closed.signal });
    } catch (cause) {
      throw isPromptbinError(cause) ? cause : await goneFault(this.#project, cause);
    }
  }

  async call(name: string, input: unknown, { caller, signal, confirmed = true }: CallOptions): Promise<CommandResult> {
    try {
      const response = await this.#send({
        method: 'POST',
        path: `/v1/call/${encodeURIComponent(name)}`,
        headers: {
          [callerHeader]: caller,
          ...(confirmed ? {} : { [unconfirmedHeader]: '1' }),
          'content-type': 'application/json',
        },
        body: JSON.stringify(input ?? {}),
        signal,
      });
      return JSON.parse(await text(response)) as CommandResult;
    } catch (cause) {
      signal?.throwIfAborted();
      return { ok: false, error: publicError(await goneFault(this.#project, cause)) };
    }
  }

  subscribe({ after, signal }: { after?: number; signal?: AbortSignal } = {}): AsyncGenerator<ManagerEvent> {
    return this.#stream('/v1/events', { after, client: this.#client }, signal);
  }

  lines(
    name: string,
    { signal, follow, after, tail }: { after?: number; tail?: number; follow?: boolean; signal?: AbortSignal } = {},
  ): AsyncGenerator<OutputLine> {
    return this.#stream(`/v1/logs/${encodeURIComponent(name)}`, { after, tail, follow: follow ? 1 : 0 }, signal);
  }

  close(): void {
    this.#closed.abort();
  }

  async #get<T>(path: string): Promise<T> {
    const response = await this.#sendOrGone({ path });
    const body = JSON.parse(await text(response)) as T & { error?: PublicError };
    if (response.statusCode !== 200 && body.error !== undefined) throw await rethrown(body.error);
    return body;
  }

  async *#stream<T>(
    path: string,
    query: Readonly<Record<string, string | number | undefined>>,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<T> {
    const given = Object.entries(query).filter((entry): entry is [string, string | number] => entry[1] !== undefined);
    const search = new URLSearchParams(given.map(([key, value]) => [key, String(value)]));
    try {
      yield* readLines<T>(await this.#send({ path: `${path}?${search}`, signal }));
    } catch (cause) {
      if (signal?.aborted || this.#closed.signal.aborted) return;
      throw isPromptbinError(cause) ? cause : await goneFault(this.#project, cause);
    }
  }

  async #sendOrGone(message: Message): Promise<IncomingMessage> {
    try {
      return await this.#send(message);
    } catch (cause) {
      throw await goneFault(this.#project, cause);
    }
  }

  #send({ method = 'GET', path, body, headers = {}, signal }: Message): Promise<IncomingMessage> {
    const signals = [this.#closed.signal, ...(signal === undefined ? [] : [signal])];
    return new Promise((resolve, reject) => {
      http
        .request(
          { socketPath: this.#socket, method, path, headers, agent: false, signal: AbortSignal.any(signals) },
          resolve,
        )
        .on('error', reject)
        .end(body);
    });
  }
}

function isPromptbinError(cause: unknown): boolean {
  return publicError(cause).code !== 'PB_COMMAND_FAILED';
}

/** The error that says that nobody is there. */
export function goneFault(project: string, cause?: unknown): Promise<Error> {
  return fault('PB_MANAGER_GONE', `No manager is running for ${project}.`, {
    hint: 'Start one with: promptbin up',
    cause,
  });
}
