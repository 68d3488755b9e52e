import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { run } from './command.ts';
import type { Tarball } from './tarballs.ts';

interface Listed {
  manager: { pid: number };
  processes: { name: string; ready: boolean; pid?: number; url?: string }[];
}

/**
 * Installs the tarballs in a project of their own, which knows nothing of this workspace, and does there what a newcomer does.
 *
 * @throws Error at the first thing that does not work
 */
export async function tryAsConsumer(root: string, project: string, tarballs: readonly Tarball[]): Promise<void> {
  await layOut(root, project);
  const files = tarballs.map(({ filename }) => filename);
  const { devDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const nodeTypes = `@types/node@${devDependencies['@types/node']}`;
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...files, nodeTypes], { cwd: project });

  await run('tsc', ['--project', project]);
  await expectOutput(project, ['--version'], /^\d+\.\d+\.\d+/);
  await expectOutput(project, ['--help'], /\bup\b/);
  await upAndDown(project);
  await upAndDown(join(project, 'json'));
}

async function layOut(root: string, project: string): Promise<void> {
  await cp(join(root, 'examples/quickstart'), project, {
    recursive: true,
    filter: (path) => !/\/(node_modules|\.promptbin)$/.test(path),
  });
  await mkdir(join(project, 'json'));
  const tsconfig = {
    compilerOptions: { module: 'nodenext', target: 'es2024', strict: true, noEmit: true, types: ['node'] },
    files: ['promptbin.config.ts'],
  };
  const config = {
    plugins: ['@promptbin/plugin-health', '@promptbin/plugin-restart', '@promptbin/plugin-fswatch'],
    processes: {
      web: { command: 'node ../server.js', port: 'auto', health: '/health', fswatch: { paths: ['..'] } },
    },
  };
  await writeFile(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify(tsconfig));
  await writeFile(join(project, 'json', 'promptbin.config.json'), JSON.stringify(config));
}

/** Starts the project in the background, asks its server something, ends it. */
async function upAndDown(folder: string): Promise<void> {
  try {
    await promptbin(folder, ['up', '--detach']);
    const { processes } = JSON.parse(await promptbin(folder, ['ps', '--json'])) as Listed;
    for (const { name, ready, url } of processes) {
      if (!ready || url === undefined)
        throw new Error(`${name} is not ready in ${folder}: ${JSON.stringify(processes)}`);
      const { status } = await fetch(url);
      if (status !== 200) throw new Error(`${name} answered ${status} at ${url}`);
    }
    if (processes.length === 0) throw new Error(`nothing runs in ${folder}`);
    await promptbin(folder, ['down']);
    for (const { name, pid } of processes)
      if (pid !== undefined && isAlive(pid)) throw new Error(`${name} survived "down"`);
  } catch (error) {
    // It may not have come up, and must not stay.
    await promptbin(folder, ['down']).catch(() => undefined);
    throw error;
  }
}

async function expectOutput(folder: string, args: readonly string[], pattern: RegExp): Promise<void> {
  const output = await promptbin(folder, args);
  if (!pattern.test(output)) throw new Error(`promptbin ${args.join(' ')} printed ${JSON.stringify(output)}`);
}

function promptbin(folder: string, args: readonly string[]): Promise<string> {
  const bin = join(folder.endsWith('json') ? dirname(folder) : folder, 'node_modules/.bin/promptbin');
  // The Node that runs this check, whatever else the machine calls `node`.
  const path = `${dirname(process.execPath)}${delimiter}${process.env.PATH}`;
  return run(bin, args, { cwd: folder, env: { PATH: path } });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
