import type { Folder } from './folder.ts';
import type { Fields } from './manifests.ts';

const lockFiles = {
  'pnpm-lock.yaml': 'pnpm',
  'yarn.lock': 'yarn',
  'bun.lock': 'bun',
  'bun.lockb': 'bun',
  'package-lock.json': 'npm',
  'npm-shrinkwrap.json': 'npm',
} as const;

export interface PackageManager {
  /** The words that run a script with more arguments for it. */
  run(script: string, flags: readonly string[]): readonly string[];
  readonly why?: string;
}

/** The package manager in use: by `packageManager`, else by the lock file of the folder or of the project, else npm. */
export function findPackageManager(folder: Folder, project: Folder, manifest: Fields): PackageManager {
  const [, pinned] = /^(npm|pnpm|yarn|bun)@/.exec(String(manifest.packageManager ?? '')) ?? [];
  if (pinned !== undefined) return managerNamed(pinned, 'package.json names it');
  for (const owner of folder === project ? [folder] : [folder, project]) {
    const lock = Object.entries(lockFiles).find(([file]) => owner.names.has(file));
    if (lock !== undefined) return managerNamed(lock[1], `because of ${owner.pathOf(lock[0])}`);
  }
  return managerNamed('npm');
}

function managerNamed(name: string, because?: string): PackageManager {
  return {
    // npm keeps the flags for itself without `--`, and the others would pass it on.
    run: (script, flags) => [name, 'run', script, ...(name === 'npm' && flags.length > 0 ? ['--'] : []), ...flags],
    ...(because !== undefined && { why: `by ${name}, ${because}` }),
  };
}
