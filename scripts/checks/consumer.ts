import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { run } from './command.ts';
import type { Tarball } from './tarballs.ts';

interface Listed {
  processes: { ready: boolean; url?: string }[];
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
  const promptbin = commandOf(project);
  await expectOutput(promptbin, ['--version'], /^\d+\.\d+\.\d+/);
  await expectOutput(promptbin, ['--help'], /\bup\b/);
  for (const folder of ['.', 'json']) {
    await upAndDown((...args) => promptbin('--project', join(project, folder), ...args));
  }
}

/** The installed command: resolves with what it prints. */
type Promptbin = (...args: string[]) => Promise<string>;

function commandOf(project: string): Promptbin {
  const bin = join(project, 'node_modules', '.bin', 'promptbin');
  // The Node that runs this check, whatever else the machine calls `node`.
  const path = `${dirname(process.execPath)}${delimiter}${process.env.PATH}`;
  return (...args) => run(bin, args, { cwd: project, env: { PATH: path } });
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
async function upAndDown(promptbin: Promptbin): Promise<void> {
  try {
    await promptbin('up', '--detach');
    const { processes } = JSON.parse(await promptbin('ps', '--json')) as Listed;
    const urls = processes.flatMap(({ ready, url }) => (ready && url !== undefined ? [url] : []));
    if (urls.length === 0 || urls.length < processes.length) throw new Error(`not ready: ${JSON.stringify(processes)}`);
    for (const url of urls) if (!(await isAnswered(url))) throw new Error(`${url} does not answer`);
    await promptbin('down');
    for (const url of urls) if (await isAnswered(url)) throw new Error(`${url} still answers after "promptbin down"`);
  } catch (error) {
    // It may not have come up, and must not stay.
    await promptbin('down').catch(() => undefined);
    throw error;
  }
}

function isAnswered(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function expectOutput(promptbin: Promptbin, args: readonly string[], pattern: RegExp): Promise<void> {
  const output = await promptbin(...args);
  if (!pattern.test(output)) throw new Error(`promptbin ${args.join(' ')} printed ${JSON.stringify(output)}`);
}
