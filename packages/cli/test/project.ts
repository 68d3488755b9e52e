import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import type { ProcessBase } from '@promptbin/core';
import { isAlive } from '../src/control/alive.ts';
import type { ManagerStatus } from '../src/control/source.ts';

/** The real bin. */
export const bin: string = fileURLToPath(new URL('../bin/promptbin.js', import.meta.url));

/** The command of a small executable in `fixtures/`. */
export function fixture(name: string): [string, string] {
  return [process.execPath, fileURLToPath(new URL(`./fixtures/${name}.mjs`, import.meta.url))];
}

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A run of the real bin. */
export class Run {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  stdout = '';
  stderr = '';

  constructor(child: ChildProcess) {
    this.child = child;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.finished = once(child, 'close').then(([code, signal]) => ({
      code,
      signal,
      stdout: this.stdout,
      stderr: this.stderr,
    }));
  }

  get pid(): number {
    return this.child.pid ?? -1;
  }

  /** Resolves when what was written matches; rejects when the run has ended without it. */
  async says(pattern: RegExp, stream: 'stdout' | 'stderr' = 'stdout'): Promise<void> {
    const isSaid = (): boolean => pattern.test(stripVTControlCharacters(this[stream]));
    const ended = this.finished.then(({ code }) => {
      if (!isSaid()) throw new Error(`exit ${code} without ${pattern}:\n${this.stdout}${this.stderr}`);
    });
    while (!isSaid()) {
      await Promise.race([once(this.child[stream] ?? this.child, 'data'), ended]);
    }
  }
}

/** A folder with a config, and everything that was started in it. */
export class Project implements AsyncDisposable {
  readonly root: string;
  readonly #runs: Run[] = [];
  readonly #managers = new Set<number>();

  constructor(root: string) {
    this.root = root;
  }

  static async create(processes: Readonly<Record<string, ProcessBase>>): Promise<Project> {
    const project = new Project(await mkdtemp(join(tmpdir(), 'promptbin-')));
    await project.configure(JSON.stringify({ processes }));
    return project;
  }

  /** Writes the config, in place of the one before. */
  async configure(text: string, extension: 'json' | 'mjs' | 'ts' | 'yaml' = 'json'): Promise<void> {
    for (const other of ['json', 'mjs', 'ts', 'yaml'])
      await rm(join(this.root, `promptbin.config.${other}`), { force: true });
    await writeFile(join(this.root, `promptbin.config.${extension}`), text);
  }

  /** Writes files of the folder. */
  async write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(this.root, name)), { recursive: true });
      await writeFile(join(this.root, name), text);
    }
  }

  spawn(args: readonly string[], env: NodeJS.ProcessEnv = {}): Run {
    const child = spawn(process.execPath, [bin, ...args], {
      cwd: this.root,
      env: { ...process.env, NO_COLOR: undefined, FORCE_COLOR: undefined, ...env },
    });
    return this.adopt(new Run(child));
  }

  /** What was started by other means ends with the project, too. */
  adopt(run: Run): Run {
    this.#runs.push(run);
    return run;
  }

  async run(...args: string[]): Promise<Finished> {
    const finished = await this.spawn(args).finished;
    await this.manager();
    return finished;
  }

  /** What `ps --json` prints. */
  async status(): Promise<ManagerStatus> {
    return JSON.parse((await this.spawn(['ps', '--json']).finished).stdout);
  }

  /** The pid in `manager.json`, if there is one. */
  async manager(): Promise<number | undefined> {
    try {
      const { pid } = JSON.parse(await readFile(join(this.root, '.promptbin', 'manager.json'), 'utf8'));
      this.#managers.add(pid);
      return pid;
    } catch {
      return undefined;
    }
  }

  /** Kills a manager together with its guardian: what it has started goes on. */
  async abandon(manager: Run): Promise<void> {
    const { stdout } = await this.spawn(['events', '--json', '-n', '1000']).finished;
    const guardian = stdout.match(/(?<="type":"manager\.guarded","data":\{"pid":)\d+/g)?.at(-1);
    // Else it would start another one.
    manager.child.kill('SIGSTOP');
    process.kill(Number(guardian), 'SIGKILL');
    manager.child.kill('SIGKILL');
    await manager.finished;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if ((await this.manager()) !== undefined) await this.run('down', '--force');
    for (const { child } of this.#runs) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    for (const pid of this.#managers) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    await rm(this.root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}
