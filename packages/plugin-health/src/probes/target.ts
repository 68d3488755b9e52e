import type { Listener } from '@promptbin/core';
import { CheckFailure, type Subject } from './probe.ts';
import { unlessAborted } from './within.ts';

export interface Address {
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
}

/** A connection was refused: what listens may listen somewhere else. */
export class Refused extends CheckFailure {}

/**
 * Where to ask. What answers counts only when the listener belongs to our own tree; who listens is looked up until a check
 * has passed and again after each failure, not at every beat of a healthy process.
 */
export class Target {
  readonly #subject: Subject;
  readonly #told: Partial<Address>;
  #known: Address | undefined;

  /** @param told what the settings say; the rest is where the process listens */
  constructor(
    subject: Subject,
    { host, port }: { readonly host?: string | undefined; readonly port?: number | undefined },
  ) {
    this.#subject = subject;
    this.#told = { ...(host !== undefined && { host }), ...(port !== undefined && { port }) };
  }

  /** @throws CheckFailure when nothing of ours listens there; what `ask` throws; the reason of the signal */
  async ask(ask: (address: Address) => Promise<void>, signal: AbortSignal): Promise<void> {
    const known = this.#known;
    this.#known = undefined;
    const address = known ?? (await unlessAborted(this.#findOwn(), signal));
    try {
      await ask(address);
      this.#known = address;
    } catch (fault) {
      // One address of a port may be taken and the other not: `localhost` is both 127.0.0.1 and ::1.
      const moved = fault instanceof Refused ? await unlessAborted(this.#locate(address), signal) : undefined;
      if (moved?.address === undefined) throw fault;
      await ask(moved.address);
      this.#known = moved.address;
    }
  }

  async #findOwn(): Promise<Address> {
    const address = this.#addressNow();
    const listener = await this.#listenerAt(address);
    if (isOurs(listener)) return address;
    const { address: moved, found } = await this.#locate(address);
    if (moved === undefined) throw this.#notOurs(listener, address, found);
    const other = await this.#listenerAt(moved);
    if (isOurs(other)) return moved;
    throw this.#notOurs(other, moved, undefined);
  }

  /** Looks where the process really listens: an address when that is another one, and what there is to say about it. */
  async #locate(before: Address): Promise<{ readonly address?: Address; readonly found?: string | undefined }> {
    if (this.#told.port !== undefined) return {};
    const found = await this.#subject.network.locate(this.#subject.name);
    const address = this.#addressNow();
    return address.host === before.host && address.port === before.port ? { found } : { address, found };
  }

  #listenerAt({ port }: Address): Promise<Listener> {
    return this.#subject.network.listener(this.#subject.name, port);
  }

  #addressNow(): Address {
    const { name } = this.#subject;
    const { url, port: own } = this.#subject.view();
    const port = this.#told.port ?? own;
    if (port === undefined) {
      const message = `there is no port to check: give ${name} a "port", or one to "health"`;
      throw new CheckFailure('no port to check', message, { isFinal: true });
    }
    const host = this.#told.host ?? new URL(url ?? 'http://127.0.0.1').hostname;
    return { host: host.replace(/^\[(.*)\]$/, '$1'), port };
  }

  #notOurs(listener: Listener, { port }: Address, found: string | undefined): CheckFailure {
    const { name } = this.#subject;
    const more = found === undefined ? '' : `; ${name} ${found}`;
    if (listener.kind !== 'stranger') {
      const brief = `nothing listens on port ${port}`;
      return new CheckFailure(brief, `${brief}${more}`);
    }
    const pid = listener.pid === undefined ? 'another process' : `pid ${listener.pid}`;
    const holder = listener.command === undefined ? pid : `${pid} (${listener.command})`;
    const brief = `port ${port} is held by ${holder}`;
    return new CheckFailure(brief, `${brief}, not by ${name}${more}`);
  }
}

/** Where the platform does not say whose it is, the best that is known is that somebody listens. */
function isOurs({ kind }: Listener): boolean {
  return kind === 'ours' || kind === 'unknown';
}
