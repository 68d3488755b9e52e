import type {
  CallOptions,
  CommandInfo,
  CommandPort,
  CommandResult,
  ManagerEvent,
  SubscribeOptions,
} from '@promptbin/core/views';
import { PromptbinError } from '@promptbin/core/views';

/** A port whose calls can be ended: each is then answered why, for a client that gets no answer waits for it. */
export class EndingPort implements CommandPort {
  readonly #port: CommandPort;
  readonly #ended = new AbortController();

  constructor(port: CommandPort) {
    this.#port = port;
  }

  commands(): Promise<readonly CommandInfo[]> {
    return this.#port.commands();
  }

  call(name: string, input: unknown, { signal, ...options }: CallOptions): Promise<CommandResult> {
    const { signal: ended } = this.#ended;
    return this.#port.call(name, input, {
      ...options,
      signal: signal === undefined ? ended : AbortSignal.any([signal, ended]),
    });
  }

  subscribe(options?: SubscribeOptions): AsyncIterable<ManagerEvent> {
    return this.#port.subscribe(options);
  }

  end(): void {
    const hint = 'Connect again in a few seconds.';
    this.#ended.abort(new PromptbinError('PB_MANAGER_GONE', 'MCP is no longer served here.', { hint }));
  }
}
