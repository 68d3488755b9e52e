import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** How often the kernel has killed for want of memory, and who says so. */
export interface KillCount {
  /** Such as `/sys/fs/cgroup/web/memory.events`. */
  readonly file: string;
  /** Whom it counts: the control group of the process, or everybody. */
  readonly scope: 'cgroup' | 'machine';
  readonly kills: number;
  /** Times that a whole group was killed at once; version 2 only. */
  readonly groupKills: number;
}

/**
 * The count that is nearest to a living process: of its control group (version 2, then 1), else of the machine. Undefined
 * when the platform has none. Pure but for reading files.
 *
 * @param root stands for `/`
 */
export function findKillCount(pid: number, root: string = '/'): KillCount | undefined {
  const files = eventFiles(read(root, `/proc/${pid}/cgroup`) ?? '');
  for (const file of files) {
    const count = readKillCount({ file, scope: 'cgroup' }, root);
    if (count !== undefined) return count;
  }
  return readKillCount({ file: '/proc/vmstat', scope: 'machine' }, root);
}

/** The same count as it is now; undefined when it can no longer be read. */
export function readKillCount(
  { file, scope }: Pick<KillCount, 'file' | 'scope'>,
  root: string = '/',
): KillCount | undefined {
  const content = read(root, file);
  const kills = content?.match(/^oom_kill (\d+)$/m)?.[1];
  if (kills === undefined) return undefined;
  return { file, scope, kills: Number(kills), groupKills: Number(content?.match(/^oom_group_kill (\d+)$/m)?.[1] ?? 0) };
}

/** Nearest first: in a container the path may be that of the host, and its own group the top that it sees. */
function eventFiles(membership: string): readonly string[] {
  const unified = membership.match(/^0::(\/.*)$/m)?.[1];
  const memory = membership.match(/^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(\/.*)$/m)?.[1];
  return [
    ...(unified === undefined ? [] : upwards(unified).map((path) => join('/sys/fs/cgroup', path, 'memory.events'))),
    ...(memory === undefined
      ? []
      : upwards(memory).map((path) => join('/sys/fs/cgroup/memory', path, 'memory.oom_control'))),
  ];
}

function upwards(path: string): readonly string[] {
  const parent = dirname(path);
  return parent === path ? [path] : [path, ...upwards(parent)];
}

function read(root: string, file: string): string | undefined {
  try {
    return readFileSync(join(root, file), 'utf8');
  } catch {
    return undefined;
  }
}
