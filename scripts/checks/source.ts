import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { parseSync, Visitor } from 'oxc-parser';

export interface Import {
  /** As written: `./ports.ts`, `node:net`, `execa`. */
  readonly specifier: string;
  /** Types only: gone when the program runs. */
  readonly types: boolean;
}

export interface Source {
  /** The folder under `packages/`. */
  readonly package: string;
  /** Within the package's `src`: `process/ports.ts`. */
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly Import[];
}

/** Every source file of every package. */
export function readSources(root: string): Source[] {
  return globSync('packages/*/src/**/*.ts', { cwd: root })
    .sort()
    .map((file) => {
      const [, folder = '', , ...path] = file.split('/');
      return parseSource(folder, path.join('/'), readFileSync(join(root, file), 'utf8'));
    });
}

export function parseSource(folder: string, path: string, text: string): Source {
  const lines = text.split('\n').length - 1;
  return { package: folder, path, lines, imports: importsOf(path, text) };
}

/** Where a relative import leads, within `src`; nothing for a package or a module of Node. */
export function targetOf(source: Pick<Source, 'path'>, specifier: string): string | undefined {
  return specifier.startsWith('.') ? join(dirname(source.path), specifier) : undefined;
}

function importsOf(path: string, text: string): Import[] {
  const { errors, program } = parseSync(path, text);
  const [error] = errors;
  if (error !== undefined) throw new Error(`${path}: ${error.message}`);

  const imports: Import[] = [];
  const add = (specifier: unknown, types: boolean): void => {
    // One that is computed leads to what a user named, and is nobody's layer.
    if (typeof specifier === 'string') imports.push({ specifier, types });
  };
  new Visitor({
    // `import { type A }` still runs the module: only `import type` is gone with the types.
    ImportDeclaration: ({ source, importKind }) => add(source.value, importKind === 'type'),
    ExportNamedDeclaration: ({ source, exportKind }) => add(source?.value, exportKind === 'type'),
    ExportAllDeclaration: ({ source, exportKind }) => add(source.value, exportKind === 'type'),
    ImportExpression: ({ source }) => add('value' in source ? source.value : undefined, false),
    TSImportType: ({ source }) => add(source.value, true),
  }).visit(program);
  return imports;
}
