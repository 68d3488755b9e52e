import type { ResolvedPort, SharedInput } from '../contract/config.ts';
import type { Report } from './issues.ts';
import { isRecord } from './parse.ts';
import { subjectOf } from './path.ts';
import type { ParsedPort } from './port-schema.ts';
import type { ParsedProcess } from './process-schema.ts';
import { show } from './show.ts';
import { nearest } from './suggest.ts';

/** What a section of `shared` says about where its process listens. */
export interface Section {
  readonly port?: number;
  readonly host?: string;
}

/** The sections that processes are described by, under the names of the processes. */
export function sectionsOf(
  processes: Readonly<Record<string, ParsedProcess>>,
  shared: SharedInput,
  report: Report,
): ReadonlyMap<string, Section> {
  const sections = new Map<string, Section>();
  const owners = new Map<string, string>();
  for (const [process, { shared: name }] of Object.entries(processes)) {
    if (name === undefined) continue;
    const path = ['processes', process, 'shared'];
    const owner = owners.get(name);
    const value = Object.hasOwn(shared, name) ? shared[name] : undefined;
    if (value === undefined) {
      const guess = nearest(name, Object.keys(shared));
      report(path, `${subjectOf(path)} is ${show(name)}, and "shared" has no such section.`, {
        hint: guess === undefined ? `Add the section to "shared".` : `Did you mean ${show(guess)}?`,
      });
    } else if (!isRecord(value)) {
      report(['shared', name], `shared.${name} is ${show(value)}, expected an object: it describes "${process}".`);
    } else if (owner !== undefined) {
      report(path, `${subjectOf(path)} is ${show(name)}, the section that describes "${owner}" already.`, {
        hint: 'Give the process a section of its own: its real port and host are written into it.',
      });
    } else {
      owners.set(name, process);
      sections.set(process, readSection(name, value, report));
    }
  }
  return sections;
}

function readSection(name: string, { port, host }: Readonly<Record<string, unknown>>, report: Report): Section {
  const section: { port?: number; host?: string } = {};
  if (typeof port === 'number' && Number.isInteger(port) && port >= 0 && port <= 65_535) section.port = port;
  else if (port !== undefined) {
    report(['shared', name, 'port'], `shared.${name}.port is ${show(port)}, expected a port from 0 to 65535.`);
  }
  if (typeof host === 'string' && host !== '') section.host = host;
  else if (host !== undefined) {
    report(['shared', name, 'host'], `shared.${name}.host is ${show(host)}, expected some text.`);
  }
  return section;
}

/** The port of a process: what it says itself, then its section. Undefined when neither names one. */
export function completePort(own: ParsedPort | undefined, section: Section = {}): ResolvedPort | undefined {
  if (own === undefined && section.port === undefined) return undefined;
  const { preferred, strict = false, host, env = [], handoff = false, overlap = false } = own ?? {};
  return {
    // Port 0 is how the sockets API spells "any free port".
    preferred: preferred ?? (section.port || 'auto'),
    strict,
    host: host ?? section.host ?? '127.0.0.1',
    env,
    handoff,
    overlap,
  };
}
