import type { ProcessView } from '@promptbin/core';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { clockTime } from '../render/time.ts';
import { projectRoot } from './connection.ts';
import type { Invocation } from './invocation.ts';
import { momentOf } from './moments.ts';
import { type Past, readPast } from './past.ts';

/** What is another one of a process. */
interface Difference {
  readonly name: string;
  readonly field: 'process' | 'phase' | 'ready' | 'healthy' | 'pid' | 'url' | 'restarts' | 'cause';
  readonly from?: string;
  readonly to?: string;
}

/** Tells how everything differs between two moments, as the journal tells. */
export async function diff(from: string, to: string, invocation: Invocation): Promise<ExitCode> {
  const { json, out } = invocation;
  const root = projectRoot(invocation);
  const [before, after] = [
    await readPast(root, await momentOf('from', from)),
    await readPast(root, await momentOf('to', to)),
  ];
  const differences = differencesOf(before, after);
  if (json) {
    const ends = { from: new Date(before.at).toISOString(), to: new Date(after.at).toISOString() };
    out.json({ version: 1, ...ends, differences });
    return exitCodes.done;
  }
  const { palette } = out;
  out.line(palette.dim(`From ${clockTime(before.at)} to ${clockTime(after.at)}:`));
  const gutter = Math.max(0, ...differences.map(({ name }) => name.length));
  let last: string | undefined;
  for (const { name, field, from: was, to: is } of differences) {
    const label = name === last ? ' '.repeat(gutter) : palette.bold(name.padEnd(gutter));
    out.line(`${label}  ${field}: ${was ?? '-'} ${palette.dim('→')} ${is ?? '-'}`);
    last = name;
  }
  if (differences.length === 0) out.line('Nothing is different.');
  return exitCodes.done;
}

function differencesOf({ snapshot: before }: Past, { snapshot: after }: Past): readonly Difference[] {
  const [old, now] = [byName(before.processes), byName(after.processes)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((name): readonly Difference[] => {
    const [was, is] = [old.get(name), now.get(name)];
    if (was === undefined || is === undefined) {
      return [{ name, field: 'process', ...(was && { from: was.phase }), ...(is && { to: is.phase }) }];
    }
    return fieldsOf(was).flatMap(([field, from], index) => {
      const to = fieldsOf(is)[index]?.[1];
      return from === to ? [] : [{ name, field, ...(from !== undefined && { from }), ...(to !== undefined && { to }) }];
    });
  });
}

type Field = readonly [field: Difference['field'], value: string | undefined];

function fieldsOf({ phase, ready, healthy, pid, url, restarts, cause }: ProcessView): readonly Field[] {
  return [
    ['phase', phase],
    ['ready', ready ? 'yes' : 'no'],
    ['healthy', healthy === undefined ? undefined : healthy ? 'yes' : 'no'],
    ['pid', pid === undefined ? undefined : String(pid)],
    ['url', url],
    ['restarts', String(restarts)],
    // Who has asked for it is no difference.
    ['cause', cause === undefined || cause.code === 'requested' ? undefined : cause.message],
  ];
}

function byName(views: readonly ProcessView[]): ReadonlyMap<string, ProcessView> {
  return new Map(views.map((view) => [view.name, view]));
}
