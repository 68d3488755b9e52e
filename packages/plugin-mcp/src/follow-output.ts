import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { type CommandPort, type OutputResult, outputSpec } from '@promptbin/core/views';
import { call } from './call.ts';
import { logsUri } from './core-resources.ts';
import type { Interest } from './interest.ts';

/** Output comes by the line; nobody wants to hear of it more often. */
const periodMs = 2000;
const waitSec = 50;

export interface FollowOutputOptions {
  readonly port: CommandPort;
  readonly signal: AbortSignal;
  readonly interest: Interest;
  /** The resource shows more than before. */
  updated(uri: string): void;
}

/** Tells which processes write, at most every 2 s, as long as somebody may want to hear of it. Never rejects. */
export async function followOutput({ port, signal, interest, updated }: FollowOutputOptions): Promise<void> {
  const ended = once(signal, 'abort').then(() => {});
  let known: OutputResult['cursors'] | undefined;
  while (!signal.aborted) {
    if (!interest.wantsLogs) {
      known = undefined;
      await Promise.race([interest.more(), ended]);
      continue;
    }
    const input = known === undefined ? { waitSec: 0 } : { known, waitSec };
    const result = await call(port, outputSpec.name, input, { caller: 'mcp', signal });
    if (result.ok) {
      const { changed, cursors } = result.value as OutputResult;
      const isFirst = known === undefined;
      known = cursors;
      // The first answer only says where everybody is.
      if (isFirst) continue;
      for (const name of changed) updated(logsUri(name));
    }
    await delay(periodMs, undefined, { signal, ref: false }).catch(() => {});
  }
}
