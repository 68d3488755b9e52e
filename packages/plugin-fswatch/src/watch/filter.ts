import { basename, relative, sep } from 'node:path';
import picomatch from 'picomatch';
import type { WatchPlan } from '../settings.ts';
import { GitIgnore } from './gitignore.ts';

/** What tools write beside the sources, and what editors leave while they save. */
const alwaysIgnored: readonly string[] = [
  '.git',
  '.promptbin',
  '.venv',
  'node_modules',
  '__pycache__',
  '*.pyc',
  '*.lock',
  // Where filelock of Python puts a marker while it judges it.
  '*.lock.{break,restore}.*',
  '*.log',
  'logs',
  '*~',
  '.*.sw?',
  // Vim creates a file of this name to see whether it may write in a folder.
  '4913',
  // Emacs marks a file that is being edited by a link of this form, and saves it now and then by the other.
  '.#*',
  '#*#',
  // JetBrains editors save by these.
  '*___jb_tmp___',
  '*___jb_old___',
];

export interface Filter {
  /** Nothing at or below this path counts. */
  isIgnored(path: string, isFolder: boolean): boolean;
  /** A file of this path counts, if it is not ignored. */
  isIncluded(path: string): boolean;
}

/** Whether what is ignored may be another after a change of this file. */
export function isRules(path: string): boolean {
  return basename(path) === '.gitignore';
}

/**
 * Globs match the path relative to the watched folder that it is in; one without a slash matches the name at any depth.
 * A watched path itself always counts.
 *
 * @param watched absolute paths
 */
export function createFilter(
  watched: readonly string[],
  { include, ignore, gitignore }: Pick<WatchPlan, 'include' | 'ignore' | 'gitignore'>,
): Filter {
  const ignored = compile([...alwaysIgnored, ...ignore]);
  const included = compile(include);
  const folders = watched
    .toSorted((a, b) => b.length - a.length)
    .map((path) => ({ path, git: gitignore ? new GitIgnore(path) : undefined }));
  /** The innermost watched folder that it is in. */
  const folderOf = (path: string): (typeof folders)[number] | undefined => {
    const folder = folders.find((one) => path === one.path || path.startsWith(one.path + sep));
    return folder?.path === path ? undefined : folder;
  };
  return {
    isIgnored(path, isFolder) {
      const folder = folderOf(path);
      if (folder === undefined) return false;
      return ignored(below(folder.path, path)) || (folder.git?.leavesOut(path, isFolder) ?? false);
    },
    isIncluded(path) {
      const folder = folderOf(path);
      return folder === undefined || included(below(folder.path, path));
    },
  };
}

function below(folder: string, path: string): string {
  return relative(folder, path).replaceAll(sep, '/');
}

// Not picomatch's `basename` option: that one compares globs with a slash to the bare name too.
function compile(globs: readonly string[]): (path: string) => boolean {
  return picomatch(
    globs.map((glob) => (glob.includes('/') ? glob : `**/${glob}`)),
    { dot: true },
  );
}
