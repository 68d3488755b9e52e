import type { Candidate, Health, Port } from './candidate.ts';
import { adoptLine, portInLine } from './command-line.ts';
import type { Folder } from './folder.ts';
import { findHealthRoute } from './health-route.ts';
import { findListenPort } from './listen-port.ts';

/** Procfile.dev is what its author runs at home. */
const files = ['Procfile.dev', 'Procfile'];
/** The steps of ports, as other runners of Procfiles give them. */
const firstPort = 5000;
const portStep = 100;
const sourceFiles = ['.py', '.js', '.mjs', '.cjs', '.ts', '.rb', '.go'];

interface Line {
  /** Counted from 1. */
  readonly number: number;
  readonly name: string;
  readonly command: string;
}

/** The processes of a Procfile; `release` is a job that the others wait for. Undefined when there is no Procfile. */
export function detectProcfile(folder: Folder): readonly Candidate[] | undefined {
  const file = files.find((name) => folder.read(name) !== undefined);
  if (file === undefined) return undefined;
  const lines = readLines(folder, file);
  if (lines.length === 0) {
    folder.skip(file, 'has no process in it');
    return undefined;
  }
  const idOf = (name: string): string => `${folder.pathOf(file)}:${name}`;
  const release = lines.some(({ name }) => name === 'release');
  const envFile = findEnvFile(folder);
  return lines.map((line, index) => {
    const { name, command, number } = line;
    const found = {
      id: idOf(name),
      folder: folder.path,
      name,
      because: `line ${number} of ${folder.pathOf(file)}`,
      ...adoptLine(command, folder),
      ...(envFile !== undefined && { envFile }),
    };
    if (name === 'release') {
      const { watch: _, ...job } = found;
      return { ...job, kind: 'release job', job: true };
    }
    const port = findPort(line, folder, firstPort + portStep * index);
    const health = name === 'web' && port !== undefined ? findHealth(folder) : undefined;
    return {
      ...found,
      kind: 'Procfile process',
      ...(port !== undefined && { port }),
      ...(health !== undefined && { health }),
      ...(release && { dependsOn: { [idOf('release')]: 'completed' } }),
    };
  });
}

function readLines(folder: Folder, file: string): readonly Line[] {
  const lines: Line[] = [];
  for (const [index, text] of (folder.read(file) ?? '').split('\n').entries()) {
    const line = text.trim();
    const number = index + 1;
    if (line === '' || line.startsWith('#')) continue;
    const [, name, command] = /^([\w-]+):\s*(\S.*)$/.exec(line) ?? [];
    if (name === undefined || command === undefined) folder.skip(`${file}:${number}`, 'is no line "name: command"');
    else if (lines.some((other) => other.name === name))
      folder.skip(`${file}:${number}`, `names "${name}" a second time`);
    else lines.push({ number, name, command });
  }
  return lines;
}

function findPort({ name, command }: Line, folder: Folder, usual: number): Port | undefined {
  if (/\$\{?PORT\b/.test(command)) return { number: usual, why: 'given to it as PORT' };
  const written = portInLine(command, 'its command');
  if (written !== undefined) return written;
  if (name !== 'web') return undefined;
  if (/^(\S*\/)?gunicorn\b/.test(command)) return { number: usual, why: 'gunicorn takes it from PORT' };
  return /^(node|npm|pnpm|yarn|bun)\b/.test(command)
    ? findListenPort(folder.sources(sourceFiles), 'node', usual)
    : undefined;
}

function findHealth(folder: Folder): Health | undefined {
  return findHealthRoute(folder.sources(sourceFiles));
}

/** What runs a Procfile elsewhere reads `.env`. One that sets PORT would hide the port that is given. */
function findEnvFile(folder: Folder): Candidate['envFile'] {
  const text = folder.read('.env');
  if (text === undefined) return undefined;
  if (/^\s*(export\s+)?PORT\s*=/m.test(text)) {
    folder.skip('.env', 'sets PORT, which promptbin gives: take that line out and add "envFile"');
    return undefined;
  }
  return { file: folder.pathOf('.env'), why: 'as other runners of Procfiles do' };
}
