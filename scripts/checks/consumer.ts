import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { run } from './command.ts';
import { type ConsumerConfig, consumerConfigs } from './consumer-configs.ts';
import { installTarballs, type Tarball } from './tarballs.ts';

interface Process {
  name: string;
  ready: boolean;
  pid?: number;
  url?: string;
}

/**
 * Installs the tarballs in a project of their own, which knows nothing of this workspace, and does there what a newcomer does.
 *
 * @throws Error at the first thing that does not work
 */
export async function tryAsConsumer(root: string, project: string, tarballs: readonly Tarball[]): Promise<void> {
  await layOut(root, project);
  const { devDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  await installTarballs(project, tarballs, `@types/node@${devDependencies['@types/node']}`);

  await run('tsc', ['--project', project]);
  // What `$schema` in the configs names.
  JSON.parse(await readFile(join(project, 'node_modules/@promptbin/core/schema.json'), 'utf8'));
  const promptbin = commandOf(project);
  await expectOutput(promptbin, ['--version'], /^\d+\.\d+\.\d+/);
  await expectOutput(promptbin, ['--help'], /\bup\b/);
  for (const config of consumerConfigs) {
    const folder = join(project, config.folder);
    const here: Promptbin = (...args) => promptbin('--project', folder, ...args);
    await checkConfig(here, config);
    await liveWith(here, folder, config);
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
  const tsconfig = {
    compilerOptions: { module: 'nodenext', target: 'es2024', strict: true, noEmit: true, types: ['node'] },
    files: ['promptbin.config.ts'],
  };
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify(tsconfig));
  for (const { folder, file, text, plugin } of consumerConfigs) {
    if (text === undefined) continue;
    await mkdir(join(project, folder));
    await writeFile(join(project, folder, file), text);
    if (plugin !== undefined) await writeFile(join(project, folder, 'plugin.ts'), plugin);
  }
}

/** What the command says of the config, and of one with a mistake in it. */
async function checkConfig(promptbin: Promptbin, { file }: ConsumerConfig): Promise<void> {
  await expectOutput(promptbin, ['config', 'check'], new RegExp(file));
  await expectOutput(promptbin, ['config', 'explain', 'web.command'], new RegExp(`${file}:\\d+:\\d+`));
  await expectOutput(promptbin, ['config', 'schema'], /"\$schema"/);
  const refused = await promptbin('config', 'check', '--set', 'web.prot=1').then(
    () => 'nothing',
    (fault: Error) => fault.message,
  );
  if (!/exit 2\n[\s\S]*Did you mean "port"\?/.test(refused)) throw new Error(`a wrong config was told: ${refused}`);
}

/** Starts the project in the background, asks its server something, changes its config, ends it. */
async function liveWith(promptbin: Promptbin, folder: string, { file, change, plan }: ConsumerConfig): Promise<void> {
  try {
    await promptbin('up', '--detach');
    const before = await readyProcesses(promptbin);
    const urls = before.flatMap(({ url }) => url ?? []);
    for (const url of urls) if (!(await isAnswered(url))) throw new Error(`${url} does not answer`);

    await writeFile(join(folder, file), (await readFile(join(folder, file), 'utf8')).replace(...change));
    await promptbin('reload');
    await promptbin('start', ...Object.keys(plan));
    comparePids(before, await readyProcesses(promptbin), plan);

    await promptbin('down');
    for (const url of urls) if (await isAnswered(url)) throw new Error(`${url} still answers after "promptbin down"`);
  } catch (error) {
    // It may not have come up, and must not stay.
    await promptbin('down').catch(() => undefined);
    throw error;
  }
}

async function readyProcesses(promptbin: Promptbin): Promise<readonly Process[]> {
  const { processes } = JSON.parse(await promptbin('ps', '--json')) as { processes: Process[] };
  const down = processes.filter(({ ready }) => !ready);
  if (processes.length === 0 || down.length > 0) throw new Error(`not ready: ${JSON.stringify(processes)}`);
  return processes;
}

function comparePids(before: readonly Process[], after: readonly Process[], plan: ConsumerConfig['plan']): void {
  const pidOf = (name: string, all: readonly Process[]) => all.find((process) => process.name === name)?.pid;
  for (const [name, action] of Object.entries(plan)) {
    const isSame = pidOf(name, before) === pidOf(name, after);
    if (isSame !== (action !== 'restart'))
      throw new Error(`${name}: ${isSame ? 'same' : 'another'} pid after ${action}`);
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
