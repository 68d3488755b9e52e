import { resolve } from 'node:path';
import { describeFault } from './faults.ts';
import { mismatchIn } from './json.ts';
import type { HttpMeans } from './means.ts';
import { type Attempt, CheckFailure, type Probe, type Subject } from './probe.ts';
import { type Answer, bodyLimitBytes, readTrust, send, type Trust } from './request.ts';
import { type Address, format, Target } from './target.ts';
import { seconds, unlessAborted, within } from './within.ts';

const mostRedirects = 5;

/** Good when the answer to a request is as it must be. */
export class HttpProbe implements Probe {
  readonly #means: HttpMeans;
  readonly #subject: Subject;
  readonly #target: Target;
  /** Which request, such as `GET http://127.0.0.1:5000/`. */
  #asked: string | undefined;

  constructor(means: HttpMeans, subject: Subject) {
    this.#means = means;
    this.#subject = subject;
    this.#target = new Target(subject, means);
  }

  awaited(ms: number): string | undefined {
    return this.#asked && `${this.#asked} has not been answered for ${seconds(ms)}`;
  }

  async attempt(attempt: Attempt): Promise<void> {
    const { tls } = this.#means;
    this.#asked = undefined;
    const late = (): CheckFailure => {
      const brief = `no answer within ${seconds(attempt.timeoutMs)}`;
      return new CheckFailure(brief, this.#asked === undefined ? brief : `${this.#asked}: ${brief}`);
    };
    await within(this.#subject.clock, attempt, late, async (signal) => {
      const ca = tls?.ca === undefined ? undefined : resolve(this.#subject.root, tls.ca);
      const trust = tls && (await readTrust({ ...tls, ca }));
      await this.#target.ask(async (address) => {
        const url = urlOf(address, this.#means);
        this.#asked = describe(this.#means.method, url);
        await this.#ask(url, trust, signal);
      }, signal);
    });
  }

  [Symbol.dispose](): void {}

  async #ask(first: URL, trust: Trust | undefined, signal: AbortSignal): Promise<void> {
    let url = first;
    let question: Pick<HttpMeans, 'method' | 'headers' | 'body'> = this.#means;
    for (let redirects = 0; ; redirects++) {
      try {
        using answer = await send(url, question, trust, signal);
        const next = this.#isGood(answer) ? undefined : redirectOf(answer, url);
        if (next === undefined || next.origin !== url.origin || redirects === mostRedirects) {
          return await this.#judge(describe(question.method, url), answer, next, signal);
        }
        url = next;
        // As browsers do: only 307 and 308 are asked in the same way again.
        if (answer.status < 307 && question.method !== 'HEAD') question = { method: 'GET', headers: question.headers };
      } catch (fault) {
        signal.throwIfAborted();
        if (fault instanceof CheckFailure) throw fault;
        const brief = describeFault(fault);
        throw new CheckFailure(brief, `${describe(question.method, url)}: ${brief}`);
      }
    }
  }

  #isGood({ status }: Answer): boolean {
    return this.#means.status.some(({ from, to }) => status >= from && status <= to);
  }

  async #judge(asked: string, answer: Answer, next: URL | undefined, signal: AbortSignal): Promise<void> {
    if (!this.#isGood(answer)) {
      const redirect = next === undefined ? '' : `, a redirect to ${shown(next)} that is not followed`;
      throw new CheckFailure(`HTTP ${answer.status}`, `${asked} answered ${answer.status}${redirect}`);
    }
    const { json } = this.#means;
    const body = await answer.body();
    if (json === undefined) return;
    const value = parse(body);
    if (value === undefined || ('like' in json && (typeof value !== 'object' || value === null))) {
      const kind = 'like' in json ? 'no JSON object' : 'no JSON';
      throw new CheckFailure(kind, `${asked} answered ${kind} of at most ${bodyLimitBytes / 1024} KiB`);
    }
    const mismatch = await unlessAborted(mismatchIn(value, json), signal);
    if (mismatch === undefined) return;
    const { found, expected } = mismatch;
    throw new CheckFailure(found, `${asked} answered ${found}, ${expected}`);
  }
}

function urlOf(address: Address, { path, tls }: HttpMeans): URL {
  // Not relative to the origin: a path such as `//a/b` would name another host.
  return new URL(`${tls === undefined ? 'http' : 'https'}://${format(address)}${path}`);
}

/** Where it leads; undefined when it is no redirect, or to no address. */
function redirectOf({ status, location }: Answer, from: URL): URL | undefined {
  if (status < 300 || status > 399 || location === undefined || !URL.canParse(location, from)) return undefined;
  return new URL(location, from);
}

function describe(method: string, url: URL): string {
  return `${method} ${shown(url)}`;
}

/** What stands in a query, or before the host, may be a secret. */
function shown({ protocol, host, pathname, search }: URL): string {
  return `${protocol}//${host}${pathname}${search === '' ? '' : '?…'}`;
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
