// The prompts of one folder, which the Flask app, an editor and other programs write as well. As web/store.py has it.

import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, type LockService, PromptbinError, writeFileAtomic } from '@promptbin/core';
import { type Draft, isPromptId, newId, type Prompt } from './prompt.ts';
import { decode, encode, read, remove } from './prompt-file.ts';
import { pieceOf } from './views.ts';

const lockTimeoutMs = 10_000;
const extension = '.json';

/** What one look at the folder has found. */
export interface Shelf {
  /** The newest first. */
  readonly prompts: readonly Prompt[];
  /** The names of files that cannot be read as prompts. */
  readonly skipped: readonly string[];
}

export interface StoreParts {
  /** Absolute. */
  readonly folder: string;
  readonly locks: LockService;
  readonly clock: Clock;
}

/**
 * Readers take no lock, because a file is only ever replaced as a whole. Writers take `prompts.lock` in the folder, so that
 * to compare the version and to write is one step for everybody who takes the same lock.
 */
export class PromptStore {
  readonly #folder: string;
  readonly #locks: LockService;
  readonly #clock: Clock;
  /** When the last file was written, ms, and how many have been in that millisecond. */
  #last = { ms: 0, count: 0 };

  constructor({ folder, locks, clock }: StoreParts) {
    this.#folder = folder;
    this.#locks = locks;
    this.#clock = clock;
  }

  /** Makes the folder. Later nobody does: a volume that has gone away must not look like one without prompts. */
  async prepare(): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
  }

  /** @throws Error when the folder cannot be read */
  async shelf(): Promise<Shelf> {
    const prompts: Prompt[] = [];
    const skipped: string[] = [];
    for (const name of await readdir(this.#folder)) {
      const id = idOf(name);
      if (id === undefined) continue;
      const prompt = await this.#read(id);
      if (prompt === 'unreadable') skipped.push(name);
      else if (prompt !== 'absent') prompts.push(prompt);
    }
    // Not `localeCompare`: an order that depends on where the manager runs is another one than that of the app.
    const keyOf = ({ updated, id }: Prompt): string => `${updated} ${id}`;
    prompts.sort((one, other) => (keyOf(one) < keyOf(other) ? 1 : -1));
    return { prompts, skipped };
  }

  /** Undefined when there is none that can be read. */
  async find(id: string): Promise<Prompt | undefined> {
    // Checked before a path is made of it: nothing outside the folder can be named.
    if (!isPromptId(id)) return undefined;
    const prompt = await this.#read(id);
    return typeof prompt === 'string' ? undefined : prompt;
  }

  /** @throws PromptbinError `PB_RESOURCE_UNKNOWN` */
  async get(id: string): Promise<Prompt> {
    const prompt = await this.find(id);
    if (prompt !== undefined) return prompt;
    throw new PromptbinError('PB_RESOURCE_UNKNOWN', `There is no prompt "${id}".`, {
      hint: 'Call list_prompts or search_prompts for those that there are.',
    });
  }

  /** @throws PromptbinError of the lock; Error of the file system */
  async create(draft: Draft, signal: AbortSignal): Promise<Prompt> {
    return this.#exclusive(signal, async () => {
      const now = this.#now();
      return this.#write(newId(draft.title), encode(draft, now, now));
    });
  }

  /**
   * @param changes fields that are not given stay
   * @param expected the version that the caller has seen; undefined to overwrite any
   * @throws PromptbinError `PB_RESOURCE_UNKNOWN`, `PB_COMMAND_INPUT` for another version, and those of the lock
   */
  async update(
    id: string,
    changes: Partial<Draft>,
    expected: string | undefined,
    signal: AbortSignal,
  ): Promise<Prompt> {
    return this.#exclusive(signal, async () => {
      const current = await this.#expect(id, expected);
      return this.#write(id, encode({ ...current, ...changes }, current.created, this.#now()));
    });
  }

  /** @throws as `update` */
  async delete(id: string, expected: string | undefined, signal: AbortSignal): Promise<void> {
    await this.#exclusive(signal, async () => {
      await this.#expect(id, expected);
      await remove(this.#fileOf(id));
    });
  }

  #exclusive<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    return this.#locks.withLock(join(this.#folder, 'prompts'), work, { timeout: lockTimeoutMs, signal });
  }

  async #expect(id: string, expected: string | undefined): Promise<Prompt> {
    const current = await this.get(id);
    if (expected === undefined || expected === current.version) return current;
    throw new PromptbinError('PB_COMMAND_INPUT', `Prompt "${id}" was changed since version "${expected}".`, {
      hint: `Nothing was changed by this call. Merge with what it is now, then call again with version "${current.version}".`,
      details: { current: pieceOf(current) },
    });
  }

  #fileOf(id: string): string {
    return join(this.#folder, `${id}${extension}`);
  }

  async #read(id: string): Promise<Prompt | 'absent' | 'unreadable'> {
    try {
      return decode(id, await read(this.#fileOf(id)));
    } catch (fault) {
      return Object(fault).code === 'ENOENT' ? 'absent' : 'unreadable';
    }
  }

  async #write(id: string, content: string): Promise<Prompt> {
    await writeFileAtomic(this.#fileOf(id), content, { mode: 0o600 });
    return decode(id, Buffer.from(content));
  }

  /** As Python writes it. JavaScript knows no microseconds: they count what is written within a millisecond. */
  #now(): string {
    const ms = Math.floor(this.#clock.wall());
    this.#last = { ms, count: ms === this.#last.ms ? this.#last.count + 1 : 0 };
    return new Date(ms).toISOString().replace('Z', `${String(this.#last.count).padStart(3, '0')}+00:00`);
  }
}

/** The id that a file of this name is for, well formed or not; undefined for one that is none of a prompt. */
export function idOf(name: string): string | undefined {
  return name.endsWith(extension) && !name.startsWith('.') ? name.slice(0, -extension.length) : undefined;
}
