import { relative, sep } from 'node:path';
import picomatch from 'picomatch';

/** What tools write beside the sources, and what editors leave while they save. */
const alwaysIgnored: readonly string[] = [
  '.git',
  '.promptbin',
  '.venv',
  'node_modules',
  '__pycache__',
  '*.pyc',
  '*.lock',
  '*.log',
  'logs',
  '*~',
  '.*.sw?',
  // Vim creates a file of this name to see whether it may write in a folder.
  '4913',
  // Emacs marks a file that is being edited by a link of this form.
  '.#*',
];

export interface Filter {
  /** Nothing at or below this path counts. */
  isIgnored(path: string): boolean;
  /** A file of this path counts, if it is not ignored. */
  isIncluded(path: string): boolean;
}

/**
 * Globs match the path relative to the watched folder that it is in; one without a slash matches the name at any depth.
 * A watched path itself always counts.
 *
 * @param watched absolute paths
 */
export function createFilter(
  watched: readonly string[],
  globs: { readonly include: readonly string[]; readonly ignore: readonly string[] },
): Filter {
  const ignored = compile([...alwaysIgnored, ...globs.ignore]);
  const included = compile(globs.include);
  const innermostFirst = watched.toSorted((a, b) => b.length - a.length);
  const matches = (path: string, match: (path: string) => boolean): boolean | undefined => {
    const folder = innermostFirst.find((candidate) => path === candidate || path.startsWith(candidate + sep));
    if (folder === undefined || folder === path) return undefined;
    return match(relative(folder, path).replaceAll(sep, '/'));
  };
  return {
    isIgnored: (path) => matches(path, ignored) ?? false,
    isIncluded: (path) => matches(path, included) ?? true,
  };
}

// Not picomatch's `basename` option: that one compares globs with a slash to the bare name too.
function compile(globs: readonly string[]): (path: string) => boolean {
  return picomatch(
    globs.map((glob) => (glob.includes('/') ? glob : `**/${glob}`)),
    { dot: true },
  );
}
