import { isDeepStrictEqual } from 'node:util';
import type { ResolvedProcess } from '../contract/config.ts';
import type { Listening } from '../contract/process.ts';
import type { LaunchPlan } from '../contract/runner.ts';
import { describeListening } from '../state/words.ts';
import { type Address, findingOf } from './address.ts';
import { heldBy } from './listeners.ts';
import { hasProcfs } from './procfs.ts';
import type { ProcessRecord } from './record.ts';
import { listeningSockets } from './sockets.ts';
import type { SupervisorHost } from './supervisor-host.ts';

/** How long another port must have been the only one, ms: a debugger or a helper of the app may be there before the app. */
export const settleMs = 3000;

/** What a look at the listeners of an incarnation has shown. */
export interface Location {
  /** The app is open where its status says. */
  readonly isOpen: boolean;
  /** A sentence such as `listens on port 5001, not on 5000 as it was told`. */
  readonly deviation?: string;
  /** Somebody else listens on the port that it was told. */
  readonly isTaken: boolean;
}

/** What a process that is about to be spawned is told. */
export interface Told extends Address {
  readonly generation: number;
  readonly strict: boolean;
  /** The section of `shared` that has its address. */
  readonly section: string | undefined;
}

/** For how long what a look has shown was there for certain: from `from`, if it was not there before, to `to`; monotonic, ms. */
interface Seen {
  readonly from: number;
  readonly to: number;
}

/** Undefined for a process without a port. */
export function toldBy(
  { generation, port, host }: LaunchPlan,
  { port: wanted, shared }: ResolvedProcess,
): Told | undefined {
  return port === undefined ? undefined : { generation, host, port, strict: wanted?.strict ?? false, section: shared };
}

/** Where one incarnation really listens, and what is to be said about it. */
export class Whereabouts {
  readonly told: Told;
  readonly #record: ProcessRecord;
  readonly #host: Pick<SupervisorHost, 'clock' | 'post' | 'shared'>;
  /** The other port on which alone it was found last, and since when; monotonic, ms. */
  #alone: { readonly port: number; readonly since: number } | undefined;
  #otherPort: number | undefined;
  /** Links of sockets that were looked at when none was its own. */
  #foreign: ReadonlySet<string> = new Set();

  constructor(told: Told, record: ProcessRecord, host: Pick<SupervisorHost, 'clock' | 'post' | 'shared'>) {
    this.told = told;
    this.#record = record;
    this.#host = host;
  }

  /** The port that it was found on instead of the one that it was told. */
  get otherPort(): number | undefined {
    return this.#otherPort;
  }

  /**
   * Looks where the tree listens, and states what is new. Undefined where the platform does not tell (not Linux).
   *
   * @param tree its pids
   */
  async look(tree: () => Promise<readonly number[]>): Promise<Location | undefined> {
    if (!hasProcfs) return undefined;
    const { clock } = this.#host;
    const began = clock.now();
    const { own, isTaken } = await this.#find(tree);
    // What is seen may have come at the end of the look, or have gone since its beginning.
    const seen = { from: clock.now(), to: began };
    const { promise, resolve, reject } = Promise.withResolvers<Location>();
    this.#host.post(() => {
      try {
        resolve({ ...this.#judge(own, seen), isTaken });
      } catch (fault) {
        reject(fault);
      }
    });
    return promise;
  }

  // Most looks find the same sockets as the look before: the tree is searched only when there is one that may be its own.
  async #find(
    tree: () => Promise<readonly number[]>,
  ): Promise<{ readonly own: readonly Address[]; readonly isTaken: boolean }> {
    const { port } = this.told;
    const sockets = await listeningSockets.sweep();
    const open = sockets.filter((socket) => socket.port === port || !this.#foreign.has(socket.link));
    const own = open.length === 0 ? [] : heldBy(await tree(), open);
    this.#foreign = new Set(own.length === 0 ? sockets.map(({ link }) => link) : []);
    return { own, isTaken: sockets.some((socket) => socket.port === port && !own.includes(socket)) };
  }

  #judge(listeners: readonly Address[], seen: Seen): Omit<Location, 'isTaken'> {
    const { told } = this;
    const known = this.#isPresent ? this.#record.state.listening : undefined;
    const finding = findingOf(told, listeners, known?.deviation === 'port' ? known.port : undefined);
    const other = finding.kind === 'elsewhere' && finding.deviation === 'port' ? finding.port : undefined;
    const isSettled = this.#hasSettled(other, seen) || other === known?.port;
    switch (finding.kind) {
      case 'nowhere':
        return { isOpen: false };
      case 'ambiguous':
        return {
          isOpen: false,
          deviation: `listens on ports ${finding.ports.join(', ')}, not on ${told.port} as it was told`,
        };
      case 'told':
        this.#state(told);
        return { isOpen: true };
      default: {
        const { host, port, deviation, at } = finding;
        const followed = !told.strict;
        const listening = { host, port, told: { host: told.host, port: told.port }, deviation, followed };
        const isReached = at.host === told.host && at.port === told.port;
        if (isSettled) this.#state(followed ? at : told, listening);
        return { isOpen: isSettled && (followed || isReached), deviation: describeListening(listening) };
      }
    }
  }

  #hasSettled(other: number | undefined, { from, to }: Seen): boolean {
    if (other === undefined) this.#alone = undefined;
    else if (this.#alone?.port !== other) this.#alone = { port: other, since: from };
    return this.#alone === undefined || to - this.#alone.since >= settleMs;
  }

  get #isPresent(): boolean {
    const { generation, phase } = this.#record.state;
    return generation === this.told.generation && (phase === 'starting' || phase === 'running');
  }

  #state(at: Address, listening?: Listening): void {
    if (!this.#isPresent || isDeepStrictEqual(this.#record.state.listening, listening)) return;
    this.#record.listening(at, listening);
    this.#otherPort = listening?.deviation === 'port' ? listening.port : undefined;
    this.#host.shared.move(this.told.section, at);
  }
}
