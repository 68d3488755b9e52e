import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';

/** Whether git leaves a path out. Its files are read when they are first needed. */
export class GitIgnore {
  /** The top of the work tree that the folder is in; without one, the folder itself. */
  readonly #top: string;
  /** The folder is left out itself: nobody who watches it can mean that. */
  readonly #isMoot: boolean;
  readonly #rules = new Map<string, readonly Ignore[]>();

  /** @param folder absolute */
  constructor(folder: string) {
    this.#top = topOf(folder);
    this.#isMoot = folder !== this.#top && this.#leavesOut(folder, true);
  }

  /** @param path absolute, in the folder */
  leavesOut(path: string, isFolder: boolean): boolean {
    return !this.#isMoot && path !== this.#top && this.#leavesOut(path, isFolder);
  }

  /** The rules of the deepest folder that says anything are those that count. */
  #leavesOut(path: string, isFolder: boolean): boolean {
    let isOut = false;
    for (const folder of foldersBetween(this.#top, dirname(path))) {
      const name = relative(folder, path).replaceAll(sep, '/') + (isFolder ? '/' : '');
      for (const rules of this.#rulesOf(folder)) {
        const { ignored, unignored } = rules.test(name);
        isOut = ignored || (isOut && !unignored);
      }
    }
    return isOut;
  }

  #rulesOf(folder: string): readonly Ignore[] {
    const known = this.#rules.get(folder);
    if (known !== undefined) return known;
    // Weakest first, as git has it.
    const files = folder === this.#top ? [join('.git', 'info', 'exclude'), '.gitignore'] : ['.gitignore'];
    const rules = files.flatMap((file) => {
      const text = read(join(folder, file));
      return text === undefined ? [] : [ignore().add(text)];
    });
    this.#rules.set(folder, rules);
    return rules;
  }
}

function topOf(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (at === dirname(at)) return folder;
  }
}

/** From `top` down to `folder`, both included. */
function foldersBetween(top: string, folder: string): readonly string[] {
  const folders = [folder];
  for (let at = folder; at !== top && at !== dirname(at); at = dirname(at)) folders.unshift(dirname(at));
  return folders;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
