import { readFileSync, rmSync, statSync } from 'node:fs';
import type { EventMap } from '../contract/events.ts';
import { messageOf } from '../errors/error.ts';

/** What the guardian of a manager before has done; see `guardian-script.ts`. */
export type GuardianRecord = EventMap['manager.cleared'];

/** Takes the record away. Undefined when there is none; a text when there is one that cannot be read. */
export function takeGuardianRecord(file: string): GuardianRecord | string | undefined {
  try {
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats === undefined) return undefined;
    const text = readFileSync(file, 'utf8');
    rmSync(file);
    const [, manager, ended = '', left = ''] = /^manager (\d+)\nended([\d ]*)\nleft([-\d ]*)\n$/.exec(text) ?? [];
    if (manager === undefined) return `${file} was no record of a guardian, and is removed`;
    return { manager: Number(manager), at: Math.round(stats.mtimeMs), ended: numbersIn(ended), left: numbersIn(left) };
  } catch (fault) {
    return `${file} cannot be read: ${messageOf(fault)}`;
  }
}

/** A group, which has a minus, counts as its leader. */
function numbersIn(text: string): readonly number[] {
  return [...new Set(text.match(/\d+/g)?.map(Number))];
}
