import type { Verdict } from '../contract/hooks.ts';
import type { Listener } from '../contract/services.ts';
import type { SupervisorHost } from './supervisor-host.ts';
import { settleMs, type Whereabouts } from './whereabouts.ts';

type ConditionHost = Pick<SupervisorHost, 'network' | 'clock'>;

/** From one look at the port to the next, ms: quick at first, since most apps listen within a second. */
const lookMs = { first: 25, most: 250 };

const nobody: Listener = { kind: 'nobody' };

/** The start condition `port`: the process itself listens where it was told, or where it can be followed to. */
export class PortCondition {
  readonly #name: string;
  readonly #whereabouts: Whereabouts;
  readonly #host: ConditionHost;
  readonly #stuck: (why: string) => void;
  #isTaken = false;
  /** What the last look has shown, since when, and whether it has been told; monotonic, ms. */
  #last = { why: 'no answer yet', since: 0, isTold: false };

  /** @param stuck hears what is in the way of the start and does not go away by itself, long before the deadline */
  constructor(name: string, whereabouts: Whereabouts, host: ConditionHost, stuck: (why: string) => void) {
    this.#name = name;
    this.#whereabouts = whereabouts;
    this.#host = host;
    this.#stuck = stuck;
  }

  /** Somebody else was on the port that it was told, at the last look. */
  get isTaken(): boolean {
    return this.#isTaken;
  }

  /**
   * Resolves when the port is open, or `signal` aborts. A stranger on the port does not end it early: who has the port may
   * be going, and the app may wait for that, or move on to another port by itself; one that cannot bind mostly exits.
   */
  async run(signal: AbortSignal): Promise<Verdict> {
    const { clock } = this.#host;
    // The last word of this probe does not wait for a look that is under way.
    const aborted = new Promise<false>((resolve) => {
      signal.addEventListener('abort', () => resolve(false), { once: true });
    });
    for (let waitMs = lookMs.first; !signal.aborted; waitMs = Math.min(waitMs * 1.5, lookMs.most)) {
      if (await Promise.race([this.#isOpen(), aborted])) return { ready: true };
      await clock.sleep(waitMs, signal).catch(() => undefined);
    }
    return { ready: false, why: this.#last.why };
  }

  async #isOpen(): Promise<boolean> {
    const { network } = this.#host;
    const { port } = this.#whereabouts.told;
    const location = await this.#whereabouts.look(() => network.tree(this.#name));
    if (location?.isOpen === true) return true;
    const listener = location?.isTaken === false ? nobody : await network.listener(this.#name, port);
    if (listener.kind === 'unknown') return true;
    this.#isTaken = listener.kind === 'stranger';
    const sentences = [location?.deviation, this.#isTaken ? describeStranger(listener, port) : undefined];
    const trouble = sentences.filter((sentence) => sentence !== undefined).join('; ');
    this.#note(trouble || `nobody listens on port ${port}`, trouble !== '');
    return false;
  }

  #note(why: string, isTrouble: boolean): void {
    const now = this.#host.clock.now();
    if (why !== this.#last.why) this.#last = { why, since: now, isTold: false };
    if (!isTrouble || this.#last.isTold || now - this.#last.since < settleMs) return;
    this.#last.isTold = true;
    this.#stuck(why);
  }
}

function describeStranger(listener: Listener, port: number): string {
  const { pid, command = 'unknown' } = listener.kind === 'stranger' ? listener : {};
  const who = pid === undefined ? 'another program' : `pid ${pid} (${command})`;
  return `port ${port} is answered by ${who}, not by this process`;
}
