import type { LaunchPlan, ReapReport, Runner } from '../contract/runner.ts';
import type { ExecOptions, ExecResult, ExecService } from '../contract/services.ts';
import { PromptbinError } from '../errors/error.ts';
import { OutputTail } from '../output/tail.ts';
import type { Redactor } from '../secrets/redactor.ts';
import type { Run } from './incarnation.ts';

const defaultOutputBytes = 64 * 1024;

type SideCommand = Parameters<ExecService['run']>[1];

interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly leftovers: readonly number[];
}

export interface SideCommandsOptions {
  readonly runner: Runner;
  readonly redactor: Redactor;
  /** The token of what ends with the manager. */
  readonly stamp: string;
}

/** Runs commands beside incarnations: in their environment and their folder, each as a tree of its own. */
export class SideCommands {
  readonly #runner: Runner;
  readonly #redactor: Redactor;
  readonly #stamp: string;
  readonly #running = new Set<Promise<unknown>>();
  #count = 0;

  constructor({ runner, redactor, stamp }: SideCommandsOptions) {
    this.#stamp = stamp;
    this.#runner = runner;
    this.#redactor = redactor;
  }

  /** See `ExecService.run`. The end of the incarnation is that of the command. */
  run(run: Run, command: SideCommand, options: ExecOptions): Promise<ExecResult> {
    const result = this.#run(run, command, options);
    for (const running of [this.#running, run.companions]) {
      running.add(result);
      void result.catch(() => undefined).then(() => running.delete(result));
    }
    return result;
  }

  /** Resolves when what was running has ended. */
  async ended(): Promise<void> {
    await Promise.allSettled(this.#running);
  }

  async #run(run: Run, command: SideCommand, { signal, outputBytes }: ExecOptions): Promise<ExecResult> {
    signal.throwIfAborted();
    this.#count += 1;
    const output = new OutputTail(outputBytes ?? defaultOutputBytes, this.#redactor);
    const exited = Promise.withResolvers<Exit | undefined>();
    const child = this.#runner.spawn(planOf(run.plan, command, { count: this.#count, stamp: this.#stamp }), {
      output: (stream, chunk) => output.push(stream, chunk),
      notified: () => undefined,
      exited: (code, by, leftovers) => exited.resolve({ code, signal: by, leftovers }),
    });
    let killed: Promise<ReapReport> | undefined;
    const kill = (): void => {
      killed ??= child.reap({ signal: 'SIGKILL', graceMs: 0 });
      // What even that does not end has no exit.
      void killed.then(() => exited.resolve(undefined));
    };
    const ends = [signal, run.over];
    for (const end of ends) end.addEventListener('abort', kill);
    const exit = await exited.promise;
    for (const end of ends) end.removeEventListener('abort', kill);
    if (exit !== undefined && exit.leftovers.length > 0) kill();
    await killed;
    signal.throwIfAborted();
    if (exit !== undefined && !run.over.aborted) return { code: exit.code, signal: exit.signal, output: output.text() };
    const { name } = run.plan;
    throw new PromptbinError('PB_EXEC_DOWN', `"${name}" went down while "${command.command}" ran beside it.`, {
      process: name,
    });
  }
}

/**
 * Its run is one of its own, so that it is found as a tree of its own: it is no leftover of the process, nor is what it
 * listens on the process's.
 */
function planOf(
  beside: LaunchPlan,
  command: SideCommand,
  { count, stamp }: { readonly count: number; readonly stamp: string },
): LaunchPlan {
  const { name, generation, cwd, host, env, attributes } = beside;
  return {
    name,
    generation,
    cwd,
    host,
    ...(attributes && { attributes }),
    command: command.command,
    args: command.args,
    shell: command.shell ?? false,
    env: { ...env, PROMPTBIN_STAMP: stamp, PROMPTBIN_RUN: `${generation}.exec${count}` },
  };
}
