import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The lock file of each package manager, and how that adds a package for development. */
const managers = [
  ['pnpm-lock.yaml', 'pnpm add -D'],
  ['yarn.lock', 'yarn add -D'],
  ['bun.lock', 'bun add -D'],
  ['bun.lockb', 'bun add -D'],
  ['package-lock.json', 'npm install -D'],
] as const;

/** How to install a package for the project of `folder`, with the package manager whose lock file is nearest. */
export function installHint(name: string, from: string): string {
  // Of a package that lacks one the project can only install it beside.
  const [folder = from] = from.split('/node_modules/');
  return `Run "${installCommand(folder)} ${name}" in ${folder}.`;
}

function installCommand(folder: string): string {
  const found = managers.find(([lock]) => existsSync(join(folder, lock)));
  if (found !== undefined) return found[1];
  // A project begins where its repository does.
  if (existsSync(join(folder, '.git')) || dirname(folder) === folder) return 'npm install -D';
  return installCommand(dirname(folder));
}
