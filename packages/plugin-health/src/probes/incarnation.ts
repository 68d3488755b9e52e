import type { Clock, OutputService } from '@promptbin/core';
import { bindNotifySocket, type NotifySocket } from './datagrams.ts';
import { fileOf, Heartbeat } from './heartbeat.ts';
import { LogWatch } from './log.ts';
import type { HeartbeatMeans, LogMeans } from './means.ts';
import { hear, isNews, nothingSaid, type Said } from './notified.ts';
import type { Inbox } from './notify.ts';

export interface IncarnationHost {
  readonly root: string;
  readonly clock: Clock;
  readonly output: Pick<OutputService, 'waitFor'>;
}

/** What one incarnation lets us know: its notifications, its heartbeats, its lines. Probes come and go, this stays. */
export class Incarnation implements Inbox, Disposable {
  readonly name: string;
  readonly generation: number;
  readonly #host: IncarnationHost;
  readonly #heartbeats = new Map<string, Heartbeat>();
  readonly #logs = new Map<string, LogWatch>();
  readonly #listeners = new Set<() => void>();
  #said = nothingSaid;
  #socket: Promise<NotifySocket> | undefined;
  #isOver = false;
  /** What it was given to say that it is ready by. */
  readonly channels: Set<number | 'systemd'> = new Set();
  /** Why it cannot be heard at all. */
  deafness: string | undefined;

  constructor(name: string, generation: number, host: IncarnationHost) {
    this.name = name;
    this.generation = generation;
    this.#host = host;
  }

  get said(): Said {
    return this.#said;
  }

  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }

  /** A line on its descriptor. */
  hearLine(): void {
    this.#take({ ...this.#said, isReady: true });
  }

  /**
   * Where it can send datagrams to, until it is over.
   *
   * @throws Error with a sentence that says why nowhere
   */
  async bind(): Promise<string> {
    this.#socket ??= bindNotifySocket(this.#host.root, (message) => {
      this.#take(hear(this.#said, message, this.#host.clock.now()));
    });
    const socket = await this.#socket;
    if (this.#isOver) throw new Error('the launch was given up');
    this.channels.add('systemd');
    return socket.path;
  }

  heartbeat(means: HeartbeatMeans): Heartbeat {
    const file = fileOf(means, this.#host.root);
    const known = this.#heartbeats.get(file) ?? new Heartbeat(file, this.#host.clock);
    this.#heartbeats.set(file, known);
    return known;
  }

  log(means: LogMeans): LogWatch {
    const { pattern, withinMs } = means;
    const key = `${withinMs === undefined} ${typeof pattern} ${String(pattern)}`;
    const { clock, output } = this.#host;
    const known = this.#logs.get(key) ?? new LogWatch(means, { name: this.name, clock, output });
    this.#logs.set(key, known);
    return known;
  }

  #take(said: Said): void {
    const isNew = isNews(this.#said, said);
    this.#said = said;
    if (isNew) for (const listener of this.#listeners) listener();
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    for (const watch of this.#logs.values()) watch[Symbol.dispose]();
    void this.#socket?.then(
      (socket) => socket[Symbol.dispose](),
      () => undefined,
    );
  }
}
