import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

interface Message {
  readonly jsonrpc?: unknown;
  readonly id?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message?: string };
}

/** Speaks to a server on stdin and stdout as a client does, in as few words as will show whether it works. */
export class StdioProbe implements AsyncDisposable {
  /** Lines on stdout that are no messages, in order. */
  readonly stray: string[] = [];
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #said = '';
  #count = 0;

  constructor(command: string, args: readonly string[], cwd: string) {
    this.#child = spawn(command, args, { cwd, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#said = (this.#said + text).slice(-2000);
    });
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#hear(line));
    // A server that ends reads no more.
    this.#child.stdin.on('error', () => {});
    this.#child.once('error', (fault) => this.#fail(fault));
    this.#child.once('exit', (code, signal) => {
      const why = this.#said.trim() || `it ended with ${signal ?? `exit code ${code}`}`;
      this.#fail(new Error(`The server has gone: ${why}`));
    });
  }

  /** Rejects with what the server refuses, when it ends, or after `patienceMs`. */
  async request(method: string, params: object, patienceMs: number): Promise<unknown> {
    this.#count += 1;
    const id = this.#count;
    const answer = Promise.withResolvers<unknown>();
    this.#waiting.set(id, answer);
    this.#send({ jsonrpc: '2.0', id, method, params });
    const timer = setTimeout(
      () => answer.reject(new Error(`The server has not answered ${method} within ${patienceMs / 1000} s.`)),
      patienceMs,
    );
    return answer.promise.finally(() => clearTimeout(timer));
  }

  notify(method: string): void {
    this.#send({ jsonrpc: '2.0', method });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { exitCode, signalCode, pid } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.stdin.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 5000);
    await gone;
    clearTimeout(timer);
  }

  #send(message: object): void {
    this.#child.stdin.write(`${JSON.stringify(message)}\n`);
  }

  #hear(line: string): void {
    const message = parsed(line);
    if (message?.jsonrpc !== '2.0') return void this.stray.push(line);
    const answer = this.#waiting.get(Number(message.id));
    if (message.error === undefined) answer?.resolve(message.result);
    else answer?.reject(new Error(message.error.message ?? 'The server refuses.'));
  }

  #fail(fault: Error): void {
    for (const answer of this.#waiting.values()) answer.reject(fault);
  }
}

function parsed(line: string): Message | undefined {
  try {
    return JSON.parse(line) as Message;
  } catch {
    return undefined;
  }
}
