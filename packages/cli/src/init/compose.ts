import { posix } from 'node:path';
import type { DependencyState } from '@promptbin/core';
import type { Candidate, Suggestion } from './candidate.ts';
import { adoptLine, portInLine } from './command-line.ts';
import type { Folder } from './folder.ts';
import { type Fields, fieldsAt, isFields, readObject } from './manifests.ts';
import { parseYaml } from './yaml.ts';

const files = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];

const states: Readonly<Record<string, DependencyState>> = {
  service_started: 'started',
  service_healthy: 'ready',
  service_completed_successfully: 'completed',
};

export interface Composed {
  readonly candidates: readonly Candidate[];
  readonly suggestions: readonly Suggestion[];
}

/**
 * Joins what a compose file says with what was found: a service that is built from a folder of the project gives the
 * process there its name and its dependencies, or is taken with its own command. What has an image only is suggested.
 */
export function joinCompose(project: Folder, found: readonly Candidate[]): Composed {
  const file = files.find((name) => project.names.has(name));
  const services = Object.entries(
    fieldsAt(file === undefined ? undefined : readObject(project, file, 'YAML', parseYaml), 'services'),
  );
  if (file === undefined || services.length === 0) return { candidates: found, suggestions: [] };

  const jobs = new Set(
    services.flatMap(([, service]) =>
      dependenciesOf(service).flatMap(([name, state]) => (state === 'completed' ? [name] : [])),
    ),
  );
  const taken = new Map<string, Candidate>();
  const suggestions: Suggestion[] = [];
  const left = new Set(found);
  // Who publishes a port is the server of its folder; a worker built from the same folder is not.
  const ordered = services.toSorted(([, one], [, other]) => Number(isPublic(other)) - Number(isPublic(one)));
  for (const [name, service] of ordered) {
    if (!isFields(service)) {
      project.skip(`${file}: ${name}`, 'is no mapping');
      continue;
    }
    const context = contextOf(service);
    const twin = [...left].find(({ folder, name: own }) => folder === context && (own === undefined || own === name));
    if (twin !== undefined) {
      left.delete(twin);
      taken.set(name, { ...twin, name, because: `${twin.because}; ${file} calls it ${name}` });
    } else {
      const own = context === undefined ? undefined : takeCommand(name, service, { project, context, file });
      if (own === undefined) suggestions.push({ name, file, because: whyNot(service, context) });
      else taken.set(name, jobs.has(name) ? asJob(own) : own);
    }
  }
  const joined = services.flatMap(([name, service]) => {
    const candidate = taken.get(name);
    return candidate === undefined ? [] : [withDependencies(candidate, service, taken, file)];
  });
  return { candidates: [...joined, ...left], suggestions };
}

function isPublic(service: unknown): boolean {
  return isFields(service) && Array.isArray(service.ports) && service.ports.length > 0;
}

/** The folder that a service is built from, relative to the project; undefined when it is not built from one in it. */
function contextOf({ build }: Fields): string | undefined {
  const context = typeof build === 'string' ? build : isFields(build) ? (build.context ?? '.') : undefined;
  if (typeof context !== 'string' || context.includes('$') || context.includes(':')) return undefined;
  const path = posix.normalize(context).replace(/\/$/, '');
  return posix.isAbsolute(path) || path.startsWith('..') ? undefined : path;
}

function takeCommand(
  name: string,
  { command, environment }: Fields,
  { project, context, file }: { project: Folder; context: string; file: string },
): Candidate | undefined {
  const folder = context === '.' ? project : project.folder(context);
  const line = (Array.isArray(command) ? command.map(quoted).join(' ') : String(command ?? ''))
    .replaceAll('$$', '$')
    .trim();
  // A path from the root is one of the container.
  if (folder === undefined || line === '' || line.startsWith('/')) return undefined;
  const port = portInLine(line, file);
  const variables = Array.isArray(environment)
    ? environment.map((entry) => String(entry).split('=')[0])
    : Object.keys(isFields(environment) ? environment : {});
  return {
    id: `${file}:${name}`,
    folder: context,
    name,
    kind: 'compose service',
    because: `${file} builds it from ${context === '.' ? 'this folder' : context} and has its command`,
    ...adoptLine(line.replaceAll(/\s+/g, ' '), folder),
    ...(port !== undefined && { port }),
    ...(variables.length > 0 && {
      notes: [`${file} also sets ${variables.join(', ')}: meant for a container, so not copied.`],
    }),
  };
}

function quoted(word: unknown): string {
  const text = String(word);
  return /^[\w@%+=:,./$-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function asJob({ watch: _watch, port: _port, ...rest }: Candidate): Candidate {
  return { ...rest, job: true };
}

function dependenciesOf(service: unknown): readonly (readonly [string, DependencyState])[] {
  const wanted = isFields(service) ? service.depends_on : undefined;
  if (Array.isArray(wanted)) return wanted.map((name) => [String(name), 'ready']);
  return Object.entries(isFields(wanted) ? wanted : {}).map(([name, how]) => [
    name,
    states[String(isFields(how) ? how.condition : '')] ?? 'ready',
  ]);
}

function withDependencies(
  candidate: Candidate,
  service: unknown,
  taken: ReadonlyMap<string, Candidate>,
  file: string,
): Candidate {
  const dependencies = dependenciesOf(service);
  const lost = dependencies.flatMap(([name]) => (taken.has(name) ? [] : [name]));
  const kept = dependencies.flatMap(([name, state]) => {
    const other = taken.get(name);
    // Only a job completes.
    return other === undefined ? [] : [[other.id, state === 'completed' && !other.job ? 'ready' : state] as const];
  });
  return {
    ...candidate,
    ...(kept.length > 0 && { dependsOn: { ...candidate.dependsOn, ...Object.fromEntries(kept) } }),
    ...(lost.length > 0 && { notes: [...(candidate.notes ?? []), `In ${file} it also waits for ${lost.join(', ')}.`] }),
  };
}

function whyNot({ image, command }: Fields, context: string | undefined): string {
  if (context === undefined) return typeof image === 'string' ? `runs from the image ${image}` : 'is built elsewhere';
  return command === undefined
    ? `has no command but that of ${context === '.' ? 'the' : `${context}'s`} Dockerfile`
    : 'has a command of its container';
}
