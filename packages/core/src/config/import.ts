import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Imports `specifier` as a module that stands in `folder` would. */
export function importFrom(folder: string, specifier: string): Promise<Record<string, unknown>> {
  // `import.meta.resolve` takes another folder only by a flag, and `require.resolve` does not see packages that export
  // to `import` only.
  const hooks = registerHooks({
    resolve: (wanted, context, next) => {
      if (wanted !== specifier || context.parentURL !== import.meta.url) return next(wanted, context);
      const found = next(wanted, { ...context, parentURL: pathToFileURL(join(folder, 'promptbin.config')).href });
      // Beside a package.json without "type", Node parses a TypeScript file as CommonJS first, and warns. It is none.
      return found.format === null && /\.ts(?:\?|$)/.test(found.url)
        ? { ...found, format: 'module-typescript' }
        : found;
    },
  });
  try {
    // The hook runs inside this call, so another import cannot get between.
    return import(specifier);
  } finally {
    hooks.deregister();
  }
}
