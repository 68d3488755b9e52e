import type {
  CallOptions,
  CommandInfo,
  CommandResult,
  ManagerEvent,
  OutputLine,
  SubscribeOptions,
  Surroundings,
} from '@promptbin/core';
import type { LineQuery, ManagerSource, ManagerStatus } from '../../src/control/source.ts';
import { fault } from '../../src/fault.ts';

type Handler = (input: unknown, call: CallOptions) => Promise<CommandResult>;

export function eventOf(seq: number, why = 'a test'): ManagerEvent {
  return { seq, at: 0, type: 'manager.closing', data: { why } };
}

export function lineOf(seq: number, text = `line ${seq}`): OutputLine {
  return { seq, at: seq, name: 'web', generation: 1, stream: 'out', text };
}

/** A manager without processes: each command does what the test says. */
export class ScriptedSource implements ManagerSource {
  readonly handlers: Record<string, Handler> = {};
  readonly events: ManagerEvent[] = [];
  /** How many streams of events are open. */
  following = 0;
  pid: number = process.pid;
  #changed = Promise.withResolvers<void>();
  #ended = false;

  emit(...events: ManagerEvent[]): void {
    this.events.push(...events);
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  async status(): Promise<ManagerStatus> {
    const record = { pid: this.pid, project: '/project', socket: '/socket', since: 'now', version: '0' };
    return { version: 1, manager: { ...record, state: 'running', ephemeral: false }, processes: [] };
  }

  async keep(): Promise<void> {}

  async terminal(): Promise<never> {
    throw new Error('there is none');
  }

  async surroundings(): Promise<Surroundings> {
    return { cwd: '/', env: {} };
  }

  async commands(): Promise<readonly CommandInfo[]> {
    return [{ name: 'process.list', summary: 'All.', effect: 'read', input: {} }];
  }

  async call(name: string, input: unknown, call: CallOptions): Promise<CommandResult> {
    const handler = this.handlers[name];
    if (handler !== undefined) return handler(input, call);
    return { ok: false, error: { code: 'PB_COMMAND_UNKNOWN', message: `There is no command "${name}".` } };
  }

  async *subscribe({ after = this.events.length, signal }: SubscribeOptions = {}): AsyncGenerator<ManagerEvent> {
    this.following += 1;
    const aborted = new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
    try {
      for (let next = after; !signal?.aborted; ) {
        const event = this.events[next];
        if (event !== undefined) {
          next += 1;
          yield event;
        } else if (this.#ended) return;
        else await Promise.race([this.#changed.promise, aborted]);
      }
    } finally {
      this.following -= 1;
    }
  }

  async *lines(name: string, { after = 0, tail = 3 }: LineQuery = {}): AsyncGenerator<OutputLine> {
    if (name !== 'web')
      throw await fault('PB_PROCESS_UNKNOWN', `There is no process "${name}".`, { hint: 'Known: web.' });
    for (let seq = Math.max(after, 3 - tail) + 1; seq <= 3; seq += 1) yield lineOf(seq);
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
