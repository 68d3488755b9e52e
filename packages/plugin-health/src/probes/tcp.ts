import { connect } from 'node:net';
import { describeFault } from './faults.ts';
import type { TcpMeans } from './means.ts';
import { type Attempt, CheckFailure, type Probe, type Subject } from './probe.ts';
import { type Address, format, Target } from './target.ts';
import { seconds, within } from './within.ts';

/** Good when a connection is accepted. It is closed at once, with nothing sent. */
export class TcpProbe implements Probe {
  readonly #subject: Subject;
  readonly #target: Target;
  /** Where, such as `tcp 127.0.0.1:5432`. */
  #asked: string | undefined;

  constructor(means: TcpMeans, subject: Subject) {
    this.#subject = subject;
    this.#target = new Target(subject, means);
  }

  awaited(ms: number): string | undefined {
    return this.#asked && `${this.#asked} has not accepted a connection for ${seconds(ms)}`;
  }

  async attempt(attempt: Attempt): Promise<void> {
    this.#asked = undefined;
    const late = (): CheckFailure => {
      const brief = `no connection within ${seconds(attempt.timeoutMs)}`;
      return new CheckFailure(brief, this.#asked === undefined ? brief : `${this.#asked}: ${brief}`);
    };
    await within(this.#subject.clock, attempt, late, (signal) =>
      this.#target.ask((address) => {
        this.#asked = `tcp ${format(address)}`;
        return accept(address, this.#asked, signal);
      }, signal),
    );
  }

  [Symbol.dispose](): void {}
}

function accept({ host, port }: Address, asked: string, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect({ host, port, signal });
  socket.once('connect', () => resolve());
  socket.on('error', (fault) => {
    const brief = describeFault(fault);
    reject(new CheckFailure(brief, `${asked}: ${brief}`));
  });
  return promise.finally(() => socket.destroy());
}
