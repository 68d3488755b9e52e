import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { extname, join, posix } from 'node:path';

/** Something that is there and could not be used. */
export interface Skipped {
  /** Relative to the project. */
  readonly path: string;
  readonly because: string;
}

export interface Source {
  /** Relative to its folder. */
  readonly path: string;
  readonly text: string;
}

const largestFileBytes = 1024 ** 2;
const largestSourceBytes = 256 * 1024;
const mostSources = 400;
const mostFolders = 500;
const foreign =
  /^(\..*|node_modules|venv|env|vendor|target|dist|build|coverage|tests?|__tests__|__pycache__|site-packages)$/;
const tests = /\.(test|spec)\.|^test_|_test\./;
/** What says that a folder is a project of its own. */
const manifests = [
  'package.json',
  'pyproject.toml',
  'requirements.txt',
  'manage.py',
  'go.mod',
  'Cargo.toml',
  'Gemfile',
];

/** A folder of the project, read with care: what cannot be read is noted and left out. */
export class Folder {
  /** Relative to the project, `.` for itself. */
  readonly path: string;
  /** Absolute. */
  readonly location: string;
  readonly names: ReadonlySet<string>;
  readonly #skipped: Skipped[];
  readonly #texts = new Map<string, string | undefined>();
  readonly #sources = new Map<string, readonly Source[]>();

  constructor(location: string, path = '.', skipped: Skipped[] = []) {
    this.location = location;
    this.path = path;
    this.#skipped = skipped;
    this.names = new Set(this.#list());
  }

  /** Of the whole project. */
  get skipped(): readonly Skipped[] {
    return this.#skipped;
  }

  get isProject(): boolean {
    return manifests.some((name) => this.names.has(name));
  }

  /** The path of something in it, relative to the project. */
  pathOf(name: string): string {
    return posix.join(this.path, name);
  }

  skip(name: string, because: string): void {
    const path = this.pathOf(name);
    if (!this.#skipped.some((other) => other.path === path)) this.#skipped.push({ path, because });
  }

  /** A folder in it; undefined when there is none of that name. */
  folder(name: string): Folder | undefined {
    const location = join(this.location, name);
    const isFolder = statSafely(location)?.isDirectory() === true;
    return isFolder ? new Folder(location, this.pathOf(name), this.#skipped) : undefined;
  }

  /** The real place, by which a link that leads back is known. */
  get realPath(): string {
    return realpathSync(this.location);
  }

  has(path: string): boolean {
    return statSafely(join(this.location, path)) !== undefined;
  }

  /** The text of a file; undefined when there is none, or none that can be used. */
  read(name: string): string | undefined {
    if (!this.#texts.has(name)) this.#texts.set(name, this.names.has(name) ? this.#readListed(name) : undefined);
    return this.#texts.get(name);
  }

  /** The text of a source file anywhere below; undefined when there is none. */
  readBelow(path: string): string | undefined {
    const isOutside = posix.isAbsolute(path) || path.startsWith('..');
    return isOutside ? undefined : readSource(join(this.location, path));
  }

  /** The source files of the project in this folder, without tests and without other projects. */
  sources(extensions: readonly string[]): readonly Source[] {
    const key = extensions.join();
    const known = this.#sources.get(key);
    if (known !== undefined) return known;
    const found = collectSources(this.location, extensions);
    this.#sources.set(key, found);
    return found;
  }

  #list(): readonly string[] {
    try {
      return readdirSync(this.location);
    } catch (fault) {
      this.skip('', `cannot be read (${codeOf(fault)})`);
      return [];
    }
  }

  #readListed(name: string): string | undefined {
    const file = join(this.location, name);
    try {
      const stats = statSync(file);
      // A pipe of that name would be waited for.
      if (!stats.isFile()) return this.#leave(name, 'is no file');
      if (stats.size > largestFileBytes) return this.#leave(name, `is larger than ${largestFileBytes / 1024 ** 2} MiB`);
      const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
      return text.includes('\0') ? this.#leave(name, 'is not text in UTF-8') : text;
    } catch (fault) {
      const code = codeOf(fault);
      return this.#leave(name, code === 'ENOENT' ? 'is a link to nothing' : `cannot be read (${code})`);
    }
  }

  #leave(name: string, because: string): undefined {
    this.skip(name, because);
  }
}

/** The nearest first. Links to folders are not followed, so there is no way round in a circle. */
function collectSources(location: string, extensions: readonly string[]): readonly Source[] {
  const found: Source[] = [];
  const folders = [''];
  for (const folder of folders) {
    for (const entry of entriesOf(join(location, folder))) {
      const path = posix.join(folder, entry.name);
      const inside = join(location, path);
      if (entry.isDirectory() && !foreign.test(entry.name) && folders.length < mostFolders) {
        const isOther = manifests.some((manifest) => statSafely(join(inside, manifest)) !== undefined);
        if (!isOther) folders.push(path);
      } else if (entry.isFile() && extensions.includes(extname(entry.name)) && !tests.test(entry.name)) {
        const text = readSource(inside);
        if (text !== undefined) found.push({ path, text });
        if (found.length >= mostSources) return found;
      }
    }
  }
  return found;
}

function entriesOf(location: string) {
  try {
    return readdirSync(location, { withFileTypes: true });
  } catch {
    return [];
  }
}

function readSource(file: string): string | undefined {
  try {
    const stats = statSync(file);
    return stats.isFile() && stats.size <= largestSourceBytes ? readFileSync(file, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined for what is not there, and for a link that leads to itself. */
function statSafely(file: string) {
  try {
    return statSync(file);
  } catch {
    return undefined;
  }
}

function codeOf(fault: unknown): string {
  return fault instanceof Error && 'code' in fault ? String(fault.code) : String(fault);
}
