import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../scripts/checks/command.ts';
import { packPackages } from '../../scripts/checks/tarballs.ts';

/** Packs promptbin as it is published and installs it in `folder`, as its users do: what is measured is what they get. */
export async function installPacked(workspace: string, folder: string): Promise<void> {
  const tarballs = await packPackages(workspace, join(folder, 'tarballs'));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  const files = tarballs.map(({ filename }) => filename);
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...files], { cwd: folder });
}
