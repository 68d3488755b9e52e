import { basename } from 'node:path';
import { type ExecResult, PromptbinError } from '@promptbin/core';
import type { ExecMeans } from './means.ts';
import { type Attempt, CheckFailure, type Probe, type Subject } from './probe.ts';
import { seconds, within } from './within.ts';

/** Enough for the last line. */
const outputBytes = 4096;
const longestLine = 200;

/** Good when a command exits with 0. */
export class ExecProbe implements Probe {
  readonly #means: ExecMeans;
  readonly #subject: Subject;
  /** Without its arguments, which may be secret. */
  readonly #shown: string;

  constructor(means: ExecMeans, subject: Subject) {
    this.#means = means;
    this.#subject = subject;
    this.#shown = means.shell ? 'the command' : `"${basename(means.command)}"`;
  }

  awaited(ms: number): string {
    return `${this.#shown} has not exited for ${seconds(ms)}`;
  }

  async attempt(attempt: Attempt): Promise<void> {
    const { name, exec, clock } = this.#subject;
    const late = (): CheckFailure => {
      const brief = `no exit within ${seconds(attempt.timeoutMs)}`;
      return new CheckFailure(brief, `${this.#shown} has not exited within ${seconds(attempt.timeoutMs)}`);
    };
    // It is over when nothing of its tree is left, which may be after the timeout.
    const result = await within(clock, attempt, late, async (signal) => {
      try {
        return await exec.run(name, this.#command(), { signal, outputBytes });
      } catch (fault) {
        if (!PromptbinError.is(fault)) throw fault;
        throw new CheckFailure('cannot be run', `${this.#shown} cannot be run: ${fault.message}`);
      }
    });
    if (result.code !== 0) throw this.#failure(result);
  }

  [Symbol.dispose](): void {}

  #command(): ExecMeans {
    const { command, args, shell } = this.#means;
    const host = this.#subject.settings.port?.host;
    const { port } = this.#subject.view();
    const expand = (text: string): string => {
      if (host === undefined || port === undefined) return text;
      return text.replaceAll('{port}', String(port)).replaceAll('{host}', host);
    };
    return { kind: 'exec', command: expand(command), args: args.map(expand), shell };
  }

  #failure({ code, signal, output }: ExecResult): CheckFailure {
    const how = code === null ? `ended by ${signal ?? 'a signal'}` : `exited with code ${code}`;
    const brief = code === null ? how : `exit code ${code}`;
    const line = output.trimEnd().split('\n').at(-1)?.trim() ?? '';
    const cut = line.length > longestLine ? `${line.slice(0, longestLine - 1)}…` : line;
    return new CheckFailure(brief, `${this.#shown} ${how}${cut === '' ? '' : `: ${cut}`}`);
  }
}
