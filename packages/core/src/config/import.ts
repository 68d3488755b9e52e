import { statSync } from 'node:fs';
import { createRequire, type ResolveFnOutput, type ResolveHookContext, registerHooks } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

type Next = (wanted: string, context?: Partial<ResolveHookContext>) => ResolveFnOutput;

/** Imports `wanted` as a module that stands in `folder` would; an official package also from `fallback`. */
export async function importFrom(folder: string, wanted: string, fallback?: string): Promise<Record<string, unknown>> {
  // The compiler makes `import` of a relative path end in `.js` where it says `.ts`.
  const specifier = wanted.startsWith('.') ? urlAsItIs(join(folder, wanted)) : wanted;
  using _ = new OfficialImports(fallback);
  return await standingIn(folder, specifier, fallback, () => import(specifier));
}

/** Another one after a change: Node keeps what it has imported by URL. */
function urlAsItIs(file: string): string {
  const { mtimeMs = 0 } = statSync(file, { throwIfNoEntry: false }) ?? {};
  return `${pathToFileURL(file).href}?changed=${mtimeMs}`;
}

/**
 * The URL that `wanted` has for a module that stands in `folder`.
 *
 * @throws Error with code `ERR_MODULE_NOT_FOUND` and others of Node
 */
export function resolveFrom(folder: string, wanted: string, fallback?: string): string {
  return standingIn(folder, wanted, fallback, () => import.meta.resolve(wanted));
}

function standingIn<T>(folder: string, specifier: string, fallback: string | undefined, run: () => T): T {
  // `import.meta.resolve` takes another folder only by a flag, and `require.resolve` does not see packages that export
  // to `import` only.
  const hooks = registerHooks({
    resolve: (wanted, context, next) => {
      if (wanted !== specifier || context.parentURL !== import.meta.url) return next(wanted, context);
      return withFormat(resolveOfficial(wanted, { ...context, parentURL: moduleIn(folder) }, next, fallback));
    },
  });
  try {
    // The hook runs inside this call, so another import cannot get between.
    return run();
  } finally {
    hooks.deregister();
  }
}

let loads = 0;
const require = createRequire(import.meta.url);

/** One import of a module and of the local modules that it imports, all of them anew. */
export class FreshImport implements Disposable {
  /** Every local module that was imported. */
  readonly files: Set<string> = new Set();
  readonly #mark = `?load=${++loads}`;
  readonly #hooks: ReturnType<typeof registerHooks>;

  constructor(fallback?: string) {
    // The cache of ES modules goes by URL, that of CommonJS by file name.
    this.#hooks = registerHooks({
      resolve: (wanted, context, next) => {
        if (!this.#isMine(context.parentURL) && !wanted.endsWith(this.#mark)) return next(wanted, context);
        const found = withDeepStack(() => resolveOfficial(wanted, context, next, fallback));
        const isLocal = wanted.startsWith('.') || wanted.endsWith(this.#mark);
        if (!isLocal || !found.url.startsWith('file:') || found.url.includes('/node_modules/')) return found;
        const file = fileURLToPath(found.url);
        if (!this.files.has(file)) forget(file);
        this.files.add(file);
        if (context.conditions.includes('require')) return found;
        return withFormat({ ...found, url: found.url.endsWith(this.#mark) ? found.url : found.url + this.#mark });
      },
      load: (url, context, next) => {
        const loaded = next(url, context);
        const isCommon = url.endsWith(this.#mark) && /^commonjs/.test(loaded.format ?? '');
        return isCommon ? { format: 'module', source: wrapCommon(fileURLToPath(url)), shortCircuit: true } : loaded;
      },
    });
  }

  /** @param file without symbolic links */
  import(file: string): Promise<Record<string, unknown>> {
    return import(pathToFileURL(file).href + this.#mark);
  }

  /** From here on imports are those of everyone: call it when what was imported has done all of its own. */
  [Symbol.dispose](): void {
    this.#hooks.deregister();
  }

  #isMine(parent: string | undefined): boolean {
    if (parent === undefined || !parent.startsWith('file:')) return false;
    // A CommonJS module has lost the mark.
    return parent.endsWith(this.#mark) || (!parent.includes('?') && this.files.has(fileURLToPath(parent)));
  }
}

/** While a plugin is imported, it finds the official packages, too. */
class OfficialImports implements Disposable {
  readonly #hooks: ReturnType<typeof registerHooks>;

  constructor(fallback: string | undefined) {
    this.#hooks = registerHooks({
      resolve: (wanted, context, next) => resolveOfficial(wanted, context, next, fallback),
    });
  }

  [Symbol.dispose](): void {
    this.#hooks.deregister();
  }
}

/** A promptbin that was installed for all projects brings the official packages for those that have none. */
function resolveOfficial(
  wanted: string,
  context: ResolveHookContext,
  next: Next,
  fallback: string | undefined,
): ResolveFnOutput {
  try {
    return next(wanted, context);
  } catch (fault) {
    if (fallback === undefined || !wanted.startsWith('@promptbin/')) throw fault;
    const parentURL = fallback.startsWith('file:') ? fallback : moduleIn(fallback);
    try {
      if (!context.conditions.includes('require')) return next(wanted, { ...context, parentURL });
      // For CommonJS, Node goes by the module that requires, whatever it is told.
      return { url: pathToFileURL(createRequire(parentURL).resolve(wanted)).href, shortCircuit: true };
    } catch {
      throw fault;
    }
  }
}

/** What cannot be found is thrown from so deep that the frame of the config would be cut off. */
function withDeepStack<T>(run: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 50;
  try {
    return run();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Beside a package.json without "type", Node parses a TypeScript file as CommonJS first, and warns. It is none. */
function withFormat(found: ResolveFnOutput): ResolveFnOutput {
  return found.format == null && /\.ts(?:\?|$)/.test(found.url) ? { ...found, format: 'module-typescript' } : found;
}

function moduleIn(folder: string): string {
  return pathToFileURL(join(folder, 'promptbin.config')).href;
}

/** With all that it has required: Node looks for those only once. */
function forget(file: string): void {
  const module = require.cache[file];
  if (module === undefined || file.includes('/node_modules/')) return;
  delete require.cache[file];
  for (const { filename } of module.children) forget(filename);
}

/**
 * The ES module that stands for a CommonJS one. Node's own scans the source for what is exported and notes each module that
 * is required as one that is being loaded; a second load then takes that for a circle, and gets an empty object.
 */
function wrapCommon(file: string): string {
  const exported: unknown = require(file);
  const names = typeof exported === 'object' && exported !== null ? Object.keys(exported) : [];
  const named = names
    .filter((name) => name !== 'default')
    .map((name, index) => {
      const text = JSON.stringify(name);
      return `const v${index} = it[${text}];\nexport { v${index} as ${text} };`;
    });
  const place = JSON.stringify(file);
  const it = `const it = createRequire(${place})(${place});\nexport default it;`;
  return ["import { createRequire } from 'node:module';", it, ...named].join('\n');
}
