import { posix } from 'node:path';
import { type Candidate, commandLine, type Health, type Port } from './candidate.ts';
import type { Folder, Source } from './folder.ts';
import { findHealthRoute } from './health-route.ts';
import { findListenPort } from './listen-port.ts';
import { type Fields, fieldsAt, readJson } from './manifests.ts';
import { fileRunner, type NodeTool, nodeFrameworks, nodeTools, orchestrator, reloads } from './node-tools.ts';
import { findPackageManager, type PackageManager } from './package-manager.ts';

const extensions = ['.js', '.mjs', '.cjs', '.ts', '.mts'];
/** The first that a package has is the one to run. */
const scriptNames = ['dev', 'start', 'serve', 'develop'];

interface Script {
  readonly name: string;
  readonly text: string;
  /** The server, else the last of its commands, without what comes before the program. */
  readonly main: string;
  /** Whether arguments that are added reach that command, and only that. */
  readonly isSimple: boolean;
}

/** Where a package stands in its project. */
export interface Standing {
  readonly project: Folder;
  /** Something else was found in the folders below. */
  readonly isAboveOthers: boolean;
  /** One of many, as in `packages/*`: most are libraries, and only a server counts. */
  readonly isMember: boolean;
}

/** The development server of a Node package, else its start script. */
export function detectNode(folder: Folder, { project, isAboveOthers, isMember }: Standing): Candidate | undefined {
  const manifest = readJson(folder, 'package.json');
  if (manifest === undefined) return undefined;
  const script = findScript(manifest);
  if (script === undefined) {
    if (!isMember) folder.skip('package.json', `has none of the scripts ${scriptNames.join(', ')}`);
    return undefined;
  }
  const its = `its script "${script.name}"`;
  if (/\bpromptbin\b/.test(script.text)) return void folder.skip('package.json', `${its} runs promptbin itself`);
  if (isAboveOthers && orchestrator.test(script.text)) {
    return void folder.skip('package.json', `${its} starts what is found in the folders below`);
  }
  const manager = findPackageManager(folder, project, manifest);
  const found = {
    id: folder.pathOf('package.json'),
    folder: folder.path,
    because: `${folder.pathOf('package.json')} has the script "${script.name}": ${script.main}`,
    ...(manager.why !== undefined && { commandWhy: manager.why }),
  };
  const tool = nodeTools.find(({ runs }) => runs.test(script.main));
  if (tool !== undefined) return { ...found, ...runTool(tool, script, manager, folder) };
  if (fileRunner.test(script.main)) return { ...found, ...runFile(script, manager, folder, manifest) };
  if (isMember) return void folder.skip('package.json', `${its} starts no server that is known`);
  return { ...found, kind: 'package script', name: script.name, command: commandLine(manager.run(script.name, [])) };
}

function findScript(manifest: Fields): Script | undefined {
  const scripts = fieldsAt(manifest, 'scripts');
  const name = scriptNames.find((key) => typeof scripts[key] === 'string' && scripts[key].trim() !== '');
  if (name === undefined) return undefined;
  const text = String(scripts[name]).trim();
  const before = /^(?:(?:cross-env|npx|bunx|pnpm\s+exec|bun\s+--bun|dotenv\s+(?:-e\s+\S+\s+)*--)\s+|\w+=\S*\s+)+/;
  const commands = text.split(/&&|\|\||[;&|]/).map((command) => command.trim().replace(before, ''));
  const isSimple = !/[;|&<>()`#]/.test(text.replaceAll('&&', ''));
  const server = isSimple ? undefined : commands.find((command) => nodeTools.some(({ runs }) => runs.test(command)));
  return { name, text, main: server ?? commands.at(-1) ?? '', isSimple };
}

type Part = Pick<Candidate, 'kind' | 'command' | 'commandWhy' | 'port' | 'env' | 'health' | 'watch' | 'notes'>;

function runTool(tool: NodeTool, script: Script, manager: PackageManager, folder: Folder): Part {
  const [, written] = /\s(?:--port|-p)[\s=]+(\d+)\b/.exec(script.main) ?? [];
  // A flag given twice means the last, the first or a list, each to another tool.
  const isFree = written === undefined && (script.isSimple || tool.flags.length === 0);
  const flags = isFree && !/\$\{?PORT\b/.test(script.main) ? tool.flags : [];
  const number = Number(written ?? tool.port);
  const port: Port = isFree
    ? { number, why: `${tool.kind}'s default` }
    : {
        number,
        fixed: true,
        why: written === undefined ? `${tool.kind}'s default` : `the script "${script.name}" sets it`,
      };
  const health = findRouteFile(tool, folder);
  return {
    kind: tool.kind,
    command: commandLine(manager.run(script.name, flags)),
    port,
    ...(tool.env !== undefined && { env: tool.env }),
    ...(health !== undefined && { health }),
  };
}

function findRouteFile({ healthFiles = {} }: NodeTool, folder: Folder): Health | undefined {
  const settings = ['js', 'mjs', 'ts'].map((extension) => folder.read(`next.config.${extension}`) ?? '');
  if (settings.some((text) => text.includes('basePath'))) return undefined;
  for (const [file, path] of Object.entries(healthFiles)) {
    const found = ['ts', 'js', 'tsx', 'mjs']
      .map((extension) => `${file}.${extension}`)
      .find((name) => folder.has(name));
    if (found !== undefined) return { path, why: `${found} is that route` };
  }
  return undefined;
}

function runFile(script: Script, manager: PackageManager, folder: Folder, manifest: Fields): Part {
  const packages = { ...fieldsAt(manifest, 'dependencies'), ...fieldsAt(manifest, 'devDependencies') };
  const framework = Object.keys(nodeFrameworks).find((name) => name in packages);
  const sources = entryFirst(script, folder, manifest);
  const port = findListenPort(sources, 'node', 3000);
  const health = findHealthRoute(sources);
  const scripts = fieldsAt(manifest, 'scripts');
  // One process less to signal, and the exit code is its own.
  const isPlain = /^node\s[^$"'\\]+$/.test(script.text) && script.isSimple && script.text === script.main;
  const isDirect = isPlain && !(`pre${script.name}` in scripts) && !(`post${script.name}` in scripts);
  return {
    kind: framework === undefined ? 'Node' : (nodeFrameworks[framework] ?? framework),
    command: isDirect ? script.text : commandLine(manager.run(script.name, [])),
    ...(isDirect && { commandWhy: `what the script "${script.name}" runs` }),
    ...(port !== undefined && { port }),
    ...(health !== undefined && port !== undefined && { health }),
    ...(!reloads.test(script.main) && {
      watch: { include: ['**/*.{js,mjs,cjs,ts}'], why: 'it does not reload by itself' },
    }),
    ...(port === undefined && { notes: ['No port was found in its sources: add "port" if it listens on one.'] }),
  };
}

/** The sources, that file first which the script or `main` names: what it says counts most. */
function entryFirst(script: Script, folder: Folder, manifest: Fields): readonly Source[] {
  const sources = folder.sources(extensions);
  const named = [...script.main.split(/\s+/).slice(1), manifest.main, 'index.js']
    .filter((word): word is string => typeof word === 'string' && !word.startsWith('-'))
    .map((word) => posix.normalize(word));
  const entries = named.flatMap((name) => {
    const known = sources.filter(({ path }) => path === name || path.replace(/\.\w+$/, '') === name);
    // `bin/www` has no extension.
    const text = known.length === 0 ? folder.readBelow(name) : undefined;
    return text === undefined ? known : [{ path: name, text }];
  });
  return [...entries, ...sources.filter((source) => !entries.includes(source))];
}
