import { basename, dirname, resolve } from 'node:path';
import type { EventMap } from '@promptbin/core';
import { isPromptId } from './prompt.ts';
import { idOf, type PromptStore } from './store.ts';

export const listUri = 'promptbin://prompts';

export interface ChangesParts {
  readonly store: PromptStore;
  /** Absolute: the folder of the prompts, and that of the config. */
  readonly folder: string;
  readonly root: string;
  /** States that prompts are other than before, or are there no more. */
  tell(change: EventMap['resource.changed']): void;
}

/** Tells whoever follows the prompts which have changed: what this plugin writes at once, what others write when it is seen. */
export class Changes {
  readonly #parts: ChangesParts;
  /** What was told of our own writes, and is still to be seen in the folder; undefined stands for a prompt that is gone. */
  readonly #told = new Map<string, string | undefined>();

  constructor(parts: ChangesParts) {
    this.#parts = parts;
  }

  /** @param version undefined for a prompt that is gone */
  wrote(id: string, version: string | undefined, { listChanged }: { readonly listChanged: boolean }): void {
    this.#told.set(id, version);
    this.#tell([id], listChanged);
  }

  /** Files have changed, ours or others. */
  async seen({ files, count }: EventMap['files.changed']): Promise<void> {
    const { store, folder, root } = this.#parts;
    const ids = new Map<string, string>();
    for (const { path, kind } of files) {
      const file = resolve(root, path);
      const id = idOf(basename(file));
      if (id !== undefined && dirname(file) === folder) ids.set(id, kind);
    }
    if (ids.size === 0) return;
    // Not all are told by name: it may be any.
    if (count > files.length) for (const { id } of (await store.shelf()).prompts) ids.set(id, 'added');
    const others: string[] = [];
    for (const id of ids.keys()) if (!(await this.#isOurs(id))) others.push(id);
    if (others.length > 0)
      this.#tell(
        others,
        others.some((id) => ids.get(id) !== 'changed'),
      );
  }

  async #isOurs(id: string): Promise<boolean> {
    const isExpected = this.#told.has(id);
    const version = this.#told.get(id);
    this.#told.delete(id);
    return isExpected && (await this.#parts.store.find(id))?.version === version;
  }

  #tell(ids: readonly string[], listChanged: boolean): void {
    // A file of any other name is one more that the list counts as unreadable.
    const uris = [listUri, ...ids.filter(isPromptId).map((id) => `${listUri}/${id}`)];
    this.#parts.tell(listChanged ? { uris, listChanged } : { uris });
  }
}
