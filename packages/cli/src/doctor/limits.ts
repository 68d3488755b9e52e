import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Finding } from './finding.ts';

/** From this part of a limit on it is told. */
const nearly = 0.8;

interface Use {
  readonly what: string;
  readonly used: number;
  readonly limit: number;
  readonly advice: string;
}

/** What the system gives to one user or one process, and how much of it is taken. Linux only. */
export function* limitFindings(manager: number | undefined): Generator<Finding> {
  const check = 'limits';
  if (process.platform !== 'linux') {
    yield { check, level: 'ok', text: 'not looked at: this platform does not tell' };
    return;
  }
  const uses = [...watchUses(), ...processUses(manager)];
  const high = uses.filter(({ used, limit }) => used >= nearly * limit);
  for (const { what, used, limit, advice } of high) {
    const level = used >= limit ? 'problem' : 'warning';
    yield { check, level, text: `${used} of ${limit} ${what} are in use.`, advice };
  }
  if (high.length === 0) yield { check, level: 'ok', text: `enough ${uses.map(({ what }) => what).join(', ')}` };
}

/** Watches of files belong to the user, whoever of his processes has them. */
function watchUses(): readonly Use[] {
  let instances = 0;
  let watches = 0;
  for (const pid of pidsOfUser()) {
    for (const descriptor of list(`/proc/${pid}/fd`)) {
      if (link(`/proc/${pid}/fd/${descriptor}`) !== 'anon_inode:inotify') continue;
      instances += 1;
      watches += read(`/proc/${pid}/fdinfo/${descriptor}`).match(/^inotify /gm)?.length ?? 0;
    }
  }
  const limit = (name: string): number => Number(read(`/proc/sys/fs/inotify/${name}`)) || Number.POSITIVE_INFINITY;
  const advice = (name: string): string => `Raise it: sysctl fs.inotify.${name}=${2 * limit(name)}`;
  return [
    {
      what: 'watches of files',
      used: watches,
      limit: limit('max_user_watches'),
      advice: advice('max_user_watches'),
    },
    {
      what: 'watchers of files',
      used: instances,
      limit: limit('max_user_instances'),
      advice: advice('max_user_instances'),
    },
  ];
}

/** Of the manager, else of a manager that this shell would start. */
function processUses(manager: number | undefined): readonly Use[] {
  const limits = read(`/proc/${manager ?? 'self'}/limits`);
  const soft = (name: string): number =>
    Number(new RegExp(`^Max ${name} +(\\d+)`, 'm').exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);
  const files = {
    what: 'open files of the manager',
    used: list(`/proc/${manager ?? 'self'}/fd`).length,
    limit: soft('open files'),
    advice: 'Raise it: ulimit -n',
  };
  // Nobody counts those of root.
  if (process.getuid?.() === 0) return [files];
  const used = pidsOfUser().reduce((sum, pid) => sum + list(`/proc/${pid}/task`).length, 0);
  return [files, { what: 'processes and threads', used, limit: soft('processes'), advice: 'Raise it: ulimit -u' }];
}

function pidsOfUser(): readonly string[] {
  const uid = new RegExp(`^Uid:\\s+${process.getuid?.()}\\s`, 'm');
  return list('/proc').filter((name) => /^\d+$/.test(name) && uid.test(read(`/proc/${name}/status`)));
}

// What ends while it is looked at has nothing.
function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function link(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}
