import { describeHolder, type Listener } from '@promptbin/core';
import { describeFault } from './faults.ts';
import { CheckFailure, type Subject } from './probe.ts';
import { unlessAborted } from './within.ts';

export interface Address {
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
}

/** `127.0.0.1:5000`, `[::1]:5000`. */
export function format({ host, port }: Address): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/**
 * Where to ask. What answers counts only when the listener at that address belongs to our own tree. Who listens is looked up
 * before each check: an app may close its port and live on, and somebody else take it.
 */
export class Target {
  readonly #subject: Subject;
  readonly #told: Partial<Address>;
  /** Where a check has passed last, on a platform that does not say who listens. */
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
    const { address, kind } = known
      ? ({ address: known, kind: 'unknown' } as const)
      : await unlessAborted(this.#findOwn(), signal);
    await ask(address);
    // There it takes a connection of its own to tell that somebody listens, and the check has just made one.
    if (kind === 'unknown') this.#known = address;
  }

  async #findOwn(): Promise<{ readonly address: Address; readonly kind: Listener['kind'] }> {
    const address = this.#addressNow();
    const listener = await this.#listenerAt(address);
    if (isOurs(listener)) return { address, kind: listener.kind };
    const { address: moved, found } = await this.#locate(address);
    if (moved === undefined) throw this.#notOurs(listener, address, found);
    const other = await this.#listenerAt(moved);
    if (isOurs(other)) return { address: moved, kind: other.kind };
    throw this.#notOurs(other, moved, undefined);
  }

  /** Looks where the process really listens: an address when that is another one, and what there is to say about it. */
  async #locate(before: Address): Promise<{ readonly address?: Address; readonly found?: string | undefined }> {
    const { name, network } = this.#subject;
    if (this.#told.port === undefined) {
      const found = await network.locate(name);
      const address = this.#addressNow();
      return address.host === before.host && address.port === before.port ? { found } : { address, found };
    }
    if (this.#told.host !== undefined) return {};
    // One address of a port may be taken and the other not: `localhost` is both 127.0.0.1 and ::1.
    const listener = await network.listener(name, before.port);
    return listener.kind === 'ours' ? { address: { host: listener.host, port: before.port } } : {};
  }

  /** @throws CheckFailure when the host has no address */
  async #listenerAt({ host, port }: Address): Promise<Listener> {
    const { name, network } = this.#subject;
    try {
      return await network.listener(name, port, host);
    } catch (fault) {
      if ((fault as NodeJS.ErrnoException).syscall !== 'getaddrinfo') throw fault;
      const brief = describeFault(fault);
      throw new CheckFailure(brief, `${host}: ${brief}`);
    }
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

  #notOurs(listener: Listener, address: Address, found: string | undefined): CheckFailure {
    const { name } = this.#subject;
    const { port } = address;
    const more = found === undefined ? '' : `; ${name} ${found}`;
    if (listener.kind !== 'stranger') {
      const brief = `nothing listens on ${format(address)}`;
      return new CheckFailure(brief, `${brief}${more}`);
    }
    const brief = `port ${port} is held by ${describeHolder(listener)}`;
    return new CheckFailure(brief, `${brief}, not by ${name}${more}`);
  }
}

/** Where the platform does not say whose it is, the best that is known is that somebody listens. */
function isOurs({ kind }: Listener): boolean {
  return kind === 'ours' || kind === 'unknown';
}
