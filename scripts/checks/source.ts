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
  return { package: folder, path, lines: text.split('\n').length - 1, imports: importsOf(path, text) };
}

/** Where a relative import leads, within `src`; nothing for a package or a module of Node. */
export function targetOf(source: Pick<Source, 'path'>, specifier: string): string | undefined {
  return specifier.startsWith('.') ? join(dirname(source.path), specifier) : undefined;
}

function importsOf(path: string, text: string): Import[] {
  const { errors, module, program } = parseSync(path, text);
  const [error] = errors;
  if (error !== undefined) throw new Error(`${path}: ${error.message}`);

  const imports: Import[] = [];
  for (const { moduleRequest, entries } of module.staticImports) {
    // `import './x.ts'` has no names, and runs.
    const types = entries.length > 0 && entries.every(({ isType }) => isType);
    imports.push({ specifier: moduleRequest.value, types });
  }
  for (const { moduleRequest, isType } of module.staticExports.flatMap(({ entries }) => entries)) {
    if (moduleRequest !== null) imports.push({ specifier: moduleRequest.value, types: isType });
  }
  new Visitor({
    ImportExpression({ source }) {
      // One that is computed leads to what a user named, and is nobody's layer.
      if (source.type === 'Literal') imports.push({ specifier: String(source.value), types: false });
    },
    TSImportType({ source }) {
      imports.push({ specifier: source.value, types: true });
    },
  }).visit(program);
  return imports;
}
