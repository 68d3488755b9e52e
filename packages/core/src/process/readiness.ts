import type { Clock } from '../contract/clock.ts';
import type { Barrier, Verdict } from '../contract/hooks.ts';
import { messageOf } from '../errors/error.ts';
import { within } from '../kernel/within.ts';

type Probe = (signal: AbortSignal) => Promise<Verdict>;

/** How long probes may take to say what they last saw, after the deadline has aborted them, ms. */
const lastWordMs = 250;

/** Collects conditions; all must hold. */
export class ReadinessBarrier implements Barrier {
  readonly #probes = new Map<string, Probe>();

  get empty(): boolean {
    return this.#probes.size === 0;
  }

  waitFor(name: string, probe: Probe): void {
    // A second condition of the same name is another condition, not a replacement.
    this.#probes.set(this.#probes.has(name) ? `${name}#${this.#probes.size}` : name, probe);
  }

  /**
   * Runs all probes. Resolves `ready: true` when all hold; `ready: false` as soon as one says it never will, or at the
   * deadline, with what each missing one last saw. Never rejects.
   */
  async run(clock: Clock, timeoutMs: number, signal: AbortSignal): Promise<Verdict> {
    const stop = new AbortController();
    const whys = new Map<string, string>([...this.#probes.keys()].map((name) => [name, 'no answer yet']));
    let late = false;
    const timer = clock.after(timeoutMs, () => {
      late = true;
      stop.abort(new Error('the deadline has passed'));
    });
    const runs = [...this.#probes].map(async ([name, probe]) => {
      const verdict = await ask(probe, AbortSignal.any([stop.signal, signal]));
      if (verdict.ready) {
        whys.delete(name);
        return;
      }
      whys.set(name, verdict.why);
      throw new Error(verdict.why);
    });
    const aborted = new Promise<never>((_, reject) => {
      const fail = (): void => reject(new Error('aborted'));
      stop.signal.addEventListener('abort', fail, { once: true });
      signal.addEventListener('abort', fail, { once: true });
    });
    try {
      await Promise.race([Promise.all(runs), aborted]);
      return { ready: true };
    } catch {
      stop.abort();
      await within(clock, lastWordMs, () => Promise.allSettled(runs)).catch(() => undefined);
      const list = [...whys].map(([name, why]) => `${name}: ${why}`).join('; ');
      return { ready: false, why: late ? `not ready after ${timeoutMs / 1000} s: ${list}` : list };
    } finally {
      timer[Symbol.dispose]();
    }
  }
}

/** What a probe throws or rejects with is why it is not ready; so is an answer that is none. */
async function ask(probe: Probe, signal: AbortSignal): Promise<Verdict> {
  try {
    const verdict: unknown = await probe(signal);
    return isVerdict(verdict) ? verdict : { ready: false, why: 'answered nonsense' };
  } catch (fault) {
    return { ready: false, why: messageOf(fault) };
  }
}

function isVerdict(value: unknown): value is Verdict {
  if (typeof value !== 'object' || value === null || !('ready' in value)) return false;
  return value.ready === true || (value.ready === false && 'why' in value && typeof value.why === 'string');
}
