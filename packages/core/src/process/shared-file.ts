import { readFile, rm } from 'node:fs/promises';
import type { ResolvedProcess, SharedInput } from '../contract/config.ts';
import type { Env } from '../contract/hooks.ts';
import type { CauseCode } from '../contract/process.ts';
import { messageOf, PromptbinError } from '../errors/error.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';
import type { Address } from './address.ts';

/** What is about to be spawned. */
export interface SharedLaunch {
  readonly spec: Pick<ResolvedProcess, 'name' | 'shared' | 'port'>;
  readonly port: number | undefined;
  /** As the child gets it. */
  readonly env: Env;
}

/** The config's `shared` as its processes read it: a JSON file, completed with what is known only when one starts. */
export class SharedFile {
  readonly #file: string;
  readonly #root: string;
  readonly #shared: () => SharedInput | undefined;
  readonly #addresses = new Map<string, Address>();
  #writing: Promise<void> = Promise.resolve();
  /** Of the last launch. */
  #env: Env | undefined;
  /** Nothing is shared, and nothing is left of what was. */
  #isGone = false;

  constructor(file: string, root: string, shared: () => SharedInput | undefined) {
    this.#file = file;
    this.#root = root;
    this.#shared = shared;
  }

  /** What the environment of a child tells of it. */
  get facts(): { readonly sharedFile?: string; readonly logLevel?: string | undefined } {
    const shared = this.#shared();
    return shared === undefined ? {} : { sharedFile: this.#file, logLevel: shared.logging?.level };
  }

  /**
   * Resolves when the file says what is true of this launch, too. One write at a time: no process loses what is known of
   * another one.
   *
   * @throws PromptbinError `PB_SHARED_UNWRITABLE`
   */
  write(launch: SharedLaunch): Promise<void> {
    const written = this.#writing.then(() => this.#write(launch));
    this.#writing = written.catch(() => undefined);
    return written;
  }

  /** A process was found at another address than it was told. What cannot be written now is written by the next launch. */
  move(section: string | undefined, { host, port }: Address): void {
    if (section === undefined) return;
    this.#writing = this.#writing
      .then(() => {
        this.#addresses.set(section, { host, port });
        return this.#store();
      })
      .catch(() => undefined);
  }

  async #write({ spec, port, env }: SharedLaunch): Promise<void> {
    this.#env = env;
    if (spec.shared !== undefined && spec.port !== undefined && port !== undefined) {
      this.#addresses.set(spec.shared, { host: spec.port.host, port });
    }
    try {
      await this.#store();
    } catch (fault) {
      throw new PromptbinError('PB_SHARED_UNWRITABLE', `${this.#file} cannot be written: ${messageOf(fault)}`, {
        process: spec.name,
        hint: 'Make room on the disk, and see that the folder may be written to.',
        details: { causeCode: causeCodeOf(fault) },
        cause: fault,
      });
    }
  }

  async #store(): Promise<void> {
    const shared = this.#shared();
    if (shared === undefined || this.#env === undefined) return this.#remove();
    this.#isGone = false;
    const text = `${JSON.stringify(this.#complete(shared, this.#env), null, 2)}\n`;
    if ((await readFile(this.#file, 'utf8').catch(() => undefined)) === text) return;
    // What it holds may be secret.
    await writeFileAtomic(this.#file, text, { mode: 0o600 });
  }

  async #remove(): Promise<void> {
    if (!this.#isGone) await rm(this.#file, { force: true });
    this.#isGone = true;
  }

  #complete(shared: SharedInput, env: Env): object {
    const sections = Object.entries(shared).map(([name, section]) => {
      const address = this.#addresses.get(name);
      return [name, address === undefined ? section : { ...(section as object), ...address }] as const;
    });
    const runtime = {
      mode: env.PROMPTBIN_MODE,
      data_dir: env.PROMPTBIN_DATA_DIR,
      project: this.#root,
      manager_pid: process.pid,
    };
    return { ...Object.fromEntries(sections), runtime };
  }
}

function causeCodeOf(fault: unknown): CauseCode {
  const { code = '' } = fault as NodeJS.ErrnoException;
  return ['EACCES', 'EPERM', 'EROFS'].includes(code) ? 'permissionDenied' : 'unknown';
}
