import { coreLayers, type LayerException, layerExceptions, outside, pureFolders } from './import-rules.ts';
import { type Import, type Source, targetOf } from './source.ts';

/** Every import that the rules do not allow, and every exception that nothing needs, one per line. */
export function findImportMistakes(sources: readonly Source[]): string[] {
  const unused = new Set(layerExceptions);
  const mistakes = sources.flatMap((source) =>
    source.imports.flatMap((made) => {
      const target = targetOf(source, made.specifier);
      const reason = target === undefined ? outsideMistake(source, made) : insideMistake(source, made, target, unused);
      return reason === undefined
        ? []
        : [`packages/${source.package}/src/${source.path}: "${made.specifier}" ${reason}`];
    }),
  );
  for (const { from, to } of unused) mistakes.push(`import-rules.ts: nothing needs the exception of ${from} for ${to}`);
  return [...mistakes, ...findCycles(sources)];
}

function insideMistake(source: Source, made: Import, target: string, unused: Set<LayerException>): string | undefined {
  if (target.startsWith('..')) return 'leaves the package; import the other package by its name';
  if (source.package !== 'core') return undefined;
  const [from, to] = [folderOf(source.path), folderOf(target)];
  if (from === to || standsOn(from).has(to)) return undefined;
  for (const exception of layerExceptions) {
    if (exception.from !== source.path || exception.to !== target) continue;
    unused.delete(exception);
    return exception.types && !made.types ? 'may only be imported for its types' : undefined;
  }
  return coreLayers[from] === undefined
    ? `is in no layer: ${from}`
    : `is above its layer: ${from} does not stand on ${to}`;
}

function outsideMistake(source: Source, { specifier, types }: Import): string | undefined {
  const pure = source.package === 'core' && pureFolders.includes(folderOf(source.path));
  if (specifier.startsWith('node:')) return pure ? 'is of Node; this folder runs anywhere' : undefined;
  const files = outside[source.package]?.[specifier];
  if (files === undefined) return `is not listed for ${source.package} in import-rules.ts`;
  if (types) return undefined;
  if (pure) return 'would run; this folder may only use its types';
  if (files === 'anywhere' || files.includes(source.path)) return undefined;
  return `belongs in ${files.join(', ')}`;
}

/** The layers below a folder of core. */
function standsOn(folder: string): Set<string> {
  const below = new Set<string>();
  for (const layer of coreLayers[folder] ?? []) for (const each of [layer, ...standsOn(layer)]) below.add(each);
  return below;
}

function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : '';
}

/** Files that import each other in a ring. Those of `contract` may: types refer to each other, and nothing runs. */
function findCycles(sources: readonly Source[]): string[] {
  const nameOf = (source: Source, path: string): string => `packages/${source.package}/src/${path}`;
  const imports = new Map(
    sources
      .filter((source) => source.package !== 'core' || folderOf(source.path) !== 'contract')
      .map((source) => {
        const targets = source.imports.map(({ specifier }) => targetOf(source, specifier));
        return [nameOf(source, source.path), targets.flatMap((path) => (path ? [nameOf(source, path)] : []))];
      }),
  );

  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, trail: readonly string[]): void => {
    if (trail.includes(file)) cycles.push(`cycle: ${[...trail.slice(trail.indexOf(file)), file].join(' -> ')}`);
    if (done.has(file) || trail.includes(file)) return;
    for (const next of imports.get(file) ?? []) visit(next, [...trail, file]);
    done.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  return cycles;
}
