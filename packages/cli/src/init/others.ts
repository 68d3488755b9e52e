import type { Candidate, Health } from './candidate.ts';
import type { Folder } from './folder.ts';
import { findHealthRoute } from './health-route.ts';
import { findListenPort } from './listen-port.ts';
import { fieldsAt, readToml } from './manifests.ts';

const goServer = /\bhttp\.(ListenAndServe|Server\b)|\bgin\.(Default|New)\(|\becho\.New\(|\bfiber\.New\(/;
const rustServers = ['axum', 'actix-web', 'rocket', 'warp', 'poem', 'salvo', 'tide'];

/** Rails, Laravel, and servers in Go and Rust. */
export function detectOthers(folder: Folder): readonly Candidate[] {
  return [...detectRails(folder), ...detectLaravel(folder), ...detectGo(folder), ...detectRust(folder)];
}

function detectRails(folder: Folder): readonly Candidate[] {
  if (!folder.has('bin/rails') || !/\brails\b/.test(folder.read('Gemfile') ?? '')) return [];
  const isUp = /^\s*get\s+["']up["']\s*=>\s*["']rails\/health#show/m.test(folder.readBelow('config/routes.rb') ?? '');
  return [
    {
      ...found(folder, 'Rails', 'bin/rails is there and Gemfile lists rails'),
      command: 'bin/rails server --binding {host} --port {port}',
      port: { number: 3000, why: "Rails' default" },
      ...(isUp && { health: { path: '/up', why: 'config/routes.rb has that route' } }),
    },
  ];
}

function detectLaravel(folder: Folder): readonly Candidate[] {
  if (!/laravel|illuminate/i.test(folder.read('artisan') ?? '')) return [];
  const isUp = /\bhealth:\s*["']\/up["']/.test(folder.readBelow('bootstrap/app.php') ?? '');
  return [
    {
      ...found(folder, 'Laravel', "artisan is Laravel's"),
      command: 'php artisan serve --host {host} --port {port}',
      port: { number: 8000, why: "Laravel's default" },
      ...(isUp && { health: { path: '/up', why: 'bootstrap/app.php has that route' } }),
    },
  ];
}

function detectGo(folder: Folder): readonly Candidate[] {
  if (folder.read('go.mod') === undefined) return [];
  const sources = folder.sources(['.go']);
  const mains = sources.filter(
    ({ path, text }) => /^(cmd\/[\w-]+\/)?main\.go$/.test(path) && /^package main\b/m.test(text),
  );
  const main = mains.find(({ text }) => goServer.test(text)) ?? (mains.length === 1 ? mains[0] : undefined);
  if (main === undefined || !sources.some(({ text }) => goServer.test(text))) return [];
  const target = main.path.replace(/\/?main\.go$/, '');
  return [
    {
      ...found(
        folder,
        'Go',
        `${folder.pathOf('go.mod')} is there and ${folder.pathOf(main.path)} is a program that serves`,
      ),
      command: `go run ${target === '' ? '.' : `./${target}`}`,
      ...listening(folder, 'go', '.go'),
      patience: { timeout: '5m', why: 'the first build takes long' },
      watch: { include: ['**/*.go'], why: 'built anew when it changes' },
    },
  ];
}

function detectRust(folder: Folder): readonly Candidate[] {
  const dependencies = fieldsAt(readToml(folder, 'Cargo.toml'), 'dependencies');
  const server = rustServers.find((name) => name in dependencies);
  if (server === undefined || !folder.has('src/main.rs')) return [];
  return [
    {
      ...found(folder, 'Rust', `${folder.pathOf('Cargo.toml')} lists ${server}`),
      command: 'cargo run',
      ...listening(folder, 'rust', '.rs'),
      patience: { timeout: '10m', why: 'the first build takes long' },
      watch: { include: ['**/*.rs'], why: 'built anew when it changes' },
    },
  ];
}

function found(folder: Folder, kind: string, because: string): Pick<Candidate, 'id' | 'folder' | 'kind' | 'because'> {
  return { id: folder.pathOf(kind), folder: folder.path, kind, because };
}

function listening(
  folder: Folder,
  language: 'go' | 'rust',
  extension: string,
): Pick<Candidate, 'port' | 'health' | 'notes'> {
  const sources = folder.sources([extension]);
  const port = findListenPort(sources, language, 8080);
  if (port === undefined) return { notes: ['No port was found in its sources: add "port" if it listens on one.'] };
  const health: Health | undefined = findHealthRoute(sources);
  return { port, ...(health !== undefined && { health }) };
}
