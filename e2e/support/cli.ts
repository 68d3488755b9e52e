import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

export const bin = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'bin', 'promptbin.js');

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A run of the real command in a project. */
export interface Run {
  readonly child: ChildProcess;
  readonly output: { stdout: string; stderr: string };
  readonly finished: Promise<Finished>;
  /** Resolves when stdout and stderr together match. */
  prints(pattern: RegExp): Promise<RegExpMatchArray>;
}

export function promptbin(folder: string, args: readonly string[], env: Record<string, string> = {}): Run {
  const child = spawn(process.execPath, [bin, '--project', folder, ...args], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  const looks = new Set<() => void>();
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text;
      for (const look of looks) look();
    });
  }
  const { promise: finished, resolve } = Promise.withResolvers<Finished>();
  child.once('close', (code) => resolve({ code, ...output }));
  return {
    child,
    output,
    finished,
    prints(pattern) {
      const { promise, resolve: found, reject } = Promise.withResolvers<RegExpMatchArray>();
      const look = (): void => {
        const match = `${output.stdout}\n${output.stderr}`.match(pattern);
        if (match !== null) found(match);
      };
      looks.add(look);
      look();
      void finished.then(({ code }) =>
        reject(new Error(`ended with ${code} before it printed ${pattern}:\n${output.stdout}\n${output.stderr}`)),
      );
      return promise.finally(() => looks.delete(look));
    },
  };
}

/** Runs a command with `--json` to its end and gives what it printed. */
export async function promptbinJson(folder: string, ...args: string[]): Promise<Finished & { json: CliAnswer }> {
  const done = await promptbin(folder, [...args, '--json']).finished;
  return { ...done, json: JSON.parse(done.stdout) as CliAnswer };
}

/** What the JSON answers of the CLI have in common. */
export interface CliAnswer {
  readonly version: 1;
  readonly ok?: boolean;
  readonly error?: { readonly code: string; readonly message: string; readonly hint?: string };
  readonly manager?: { readonly pid: number; readonly socket: string };
  readonly processes?: readonly Status[];
  readonly receipts?: readonly { readonly name: string; readonly signalled: number[]; readonly killed: number[] }[];
  readonly summary?: string;
  readonly verdict?: string;
  readonly cause?: Status['cause'];
  readonly evidence?: readonly string[];
  readonly next?: readonly string[];
}

export interface Status {
  readonly name: string;
  readonly phase: string;
  readonly ready: boolean;
  readonly healthy?: boolean;
  readonly pid?: number;
  readonly port?: number;
  readonly url?: string;
  readonly restarts: number;
  readonly generation: number;
  readonly cause?: { readonly code: string; readonly message: string; readonly evidence: readonly string[] };
}

/** The status of one process, as `ps --json` tells it. */
export async function statusOf(folder: string, name: string): Promise<Status> {
  const { json } = await promptbinJson(folder, 'ps');
  const status = json.processes?.find((process_) => process_.name === name);
  if (status === undefined) throw new Error(`no "${name}" in ${JSON.stringify(json)}`);
  return status;
}
