import { BoundSocket, createServer, type Server } from 'node:net';
import { messageOf, PromptbinError } from '../errors/error.ts';
import { describeHolder } from '../state/words.ts';
import { findListener } from './listeners.ts';
import { addressesOf, bind } from './port-probe.ts';

export interface PortRequest {
  readonly preferred: number | 'auto';
  /** A name or an address. */
  readonly host: string;
  /** Fail when the preferred port is taken, instead of taking the next free one. */
  readonly strict: boolean;
  /** It stays open until `free`, and is handed to each run of the process. */
  readonly handoff: boolean;
  /** The port that the process had before: tried first. */
  readonly sticky?: number;
  /** Ports that are of no use to the process. */
  readonly skip?: ReadonlySet<number>;
}

/** A port that nobody else can take until it is released. */
export interface HeldPort {
  readonly port: number;
  /** Of the bound socket, which is handed over: then the port stays open. */
  readonly descriptor?: number;
  /** Lets go of the port at once, just before the child takes it. It stays reserved in the allocator. */
  release(): void;
}

/** How many ports after the preferred one are tried, and how many random ones. */
const attempts = 1000;

/** Gives each process of a manager a port of its own. */
export class PortAllocator {
  readonly #taken = new Set<number>();
  /** Those that are handed over. */
  readonly #open = new Map<number, BoundSocket>();
  readonly #yielded = new Map<number, PromiseWithResolvers<void>>();

  /**
   * Holds the first free port of: the sticky one, the preferred one, the next ones. The port belongs to the process until
   * `free`; a sticky port that it did not get again is given back.
   *
   * @throws PromptbinError PB_PORT_IN_USE when `strict`, with the holder in the message and the details; PB_PORT_NONE_FREE
   * when nothing is free or the host cannot be bound at all
   */
  async hold(request: PortRequest): Promise<HeldPort> {
    const { host, strict, handoff, sticky, skip } = request;
    const open = handoff && sticky !== undefined ? this.#open.get(sticky) : undefined;
    if (sticky !== undefined && open !== undefined) {
      this.#settle(sticky);
      return handedOver(sticky, open);
    }
    const addresses = await addressesOf(host).catch((fault: unknown) => {
      throw unusable(`host "${host}" cannot be resolved: ${messageOf(fault)}`, 'configError');
    });
    const isOurs = (port: number): boolean => port !== sticky && this.#taken.has(port);
    const isOut = (port: number): boolean => isOurs(port) || skip?.has(port) === true;
    for (const candidate of candidates(request)) {
      const held = isOut(candidate) ? undefined : occupy(addresses, host, candidate);
      const kept =
        held === undefined || isOut(held.port) ? undefined : handoff ? this.#keepOpen(held, addresses) : held;
      if (kept !== undefined) {
        if (sticky === kept.port) this.#settle(sticky);
        else if (sticky !== undefined) this.free(sticky);
        this.#taken.add(kept.port);
        return kept;
      }
      held?.release();
      if (strict && candidate !== 0) throw await inUse(candidate, isOurs(candidate));
    }
    throw unusable(`no free port was found for host "${host}", from ${request.preferred} on`, 'portInUse');
  }

  /** A process that is taken over has it already. */
  adopt(port: number): void {
    this.#taken.add(port);
  }

  /** Gives a port back, when its process has stopped for good. */
  free(port: number): void {
    this.shut(port);
    this.#taken.delete(port);
    this.#settle(port);
  }

  /** A port that is handed over is no longer kept open beside the process, which has it until it ends. It stays reserved. */
  shut(port: number): void {
    this.#open.get(port)?.close();
    this.#open.delete(port);
  }

  /** Whether a port is given back is known. */
  #settle(port: number): void {
    this.#yielded.get(port)?.resolve();
    this.#yielded.delete(port);
  }

  // Bound only: whoever listens would take the connections of the process.
  #keepOpen({ port, release }: HeldPort, [address = '']: readonly string[]): HeldPort | undefined {
    release();
    const socket = bind(address, port);
    // Somebody else was faster.
    if (!(socket instanceof BoundSocket)) return undefined;
    this.#open.set(port, socket);
    return handedOver(port, socket);
  }

  /** Its process will give the port back as soon as it has ended. */
  yield(port: number): void {
    if (this.#taken.has(port)) this.#yielded.set(port, Promise.withResolvers());
  }

  /** Resolves when a port has been given back that its process is about to; undefined when none is. */
  yielded(port: number): Promise<void> | undefined {
    return this.#yielded.get(port)?.promise;
  }

  /** The ports of all processes of this manager, held or in use. */
  taken(): ReadonlySet<number> {
    return new Set(this.#taken);
  }
}

function handedOver(port: number, socket: BoundSocket): HeldPort {
  return { port, descriptor: socket.fd(), release: () => {} };
}

/** 0 stands for one that the kernel chooses. */
function* candidates({ preferred, strict, sticky }: PortRequest): Generator<number> {
  if (sticky !== undefined && !strict) yield sticky;
  for (let i = 0; i < attempts; i += 1) {
    if (preferred === 'auto') yield 0;
    else if (preferred + i <= 65_535) yield preferred + i;
  }
}

/** Takes a port on all addresses; undefined when it is taken on one of them. */
function occupy(addresses: readonly string[], host: string, wanted: number): HeldPort | undefined {
  const servers: Server[] = [];
  const release = (): void => {
    // Frees the descriptors in this very call; only the `close` events come later.
    for (const server of servers.splice(0)) server.close();
  };
  let port = wanted;
  for (const [index, address] of addresses.entries()) {
    const socket = bind(address, port);
    // Machines without IPv6 cannot bind the sibling of 127.0.0.1.
    if (socket === 'unavailable' && index > 0) continue;
    const server = socket instanceof BoundSocket ? occupyBound(socket) : undefined;
    if (server === undefined) {
      release();
      if (socket === 'unavailable') throw unusable(`"${host}" is not an address of this machine`, 'configError');
      if (socket === 'denied') throw unusable(`port ${wanted} may not be bound by this user`, 'permissionDenied');
      return undefined;
    }
    servers.push(server);
    const bound = server.address();
    if (typeof bound === 'object' && bound !== null) port = bound.port;
  }
  return { port, release };
}

/**
 * Listens on a bound socket; undefined when somebody else was faster. To be bound is not enough: with SO_REUSEADDR, which
 * servers set, the kernel lets others bind the port and listen on it as long as we do not.
 */
function occupyBound(socket: BoundSocket): Server | undefined {
  // Reset, so that no connection stays in TIME_WAIT on the port.
  const server = createServer((connection) => connection.resetAndDestroy());
  server.on('error', () => undefined);
  server.listen(socket).unref();
  return server.listening ? server : undefined;
}

function unusable(message: string, causeCode: 'configError' | 'permissionDenied' | 'portInUse'): PromptbinError {
  const hint = 'Choose another `port` or `host`.';
  return new PromptbinError('PB_PORT_NONE_FREE', message, { hint, details: { causeCode } });
}

async function inUse(port: number, byOurs: boolean): Promise<PromptbinError> {
  const found = await findListener(port);
  const holder = (found === 'unknown' ? undefined : found[0]) ?? {};
  const { pid, command } = holder;
  const who = byOurs && pid === undefined ? 'another process of this manager' : describeHolder(holder);
  return new PromptbinError('PB_PORT_IN_USE', `port ${port} is held by ${who}`, {
    hint: 'Stop that program, choose another `port`, or leave out `strict` to get the next free one.',
    details: { causeCode: 'portInUse', port, pid, command },
  });
}
