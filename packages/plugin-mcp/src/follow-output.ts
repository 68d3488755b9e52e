import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { type CommandPort, type OutputResult, outputSpec } from '@promptbin/core/views';
import { call } from './call.ts';

/** Output comes by the line; nobody wants to hear of it more often. */
const periodMs = 2000;
const waitSec = 50;

export interface FollowOutputOptions {
  readonly port: CommandPort;
  readonly signal: AbortSignal;
  wanted(): boolean;
  /** Resolves when that may have changed. */
  more(): Promise<void>;
  onOutput(name: string): void;
}

/** Tells which processes write, at most every 2 s, as long as that is wanted. Never rejects. */
export async function followOutput({ port, signal, wanted, more, onOutput }: FollowOutputOptions): Promise<void> {
  const ended = once(signal, 'abort').then(() => {});
  let known: OutputResult['cursors'] | undefined;
  while (!signal.aborted) {
    if (!wanted()) {
      known = undefined;
      await Promise.race([more(), ended]);
      continue;
    }
    const input = known === undefined ? { waitSec: 0 } : { known, waitSec };
    const result = await call(port, outputSpec.name, input, { caller: 'mcp', signal });
    if (result.ok) {
      const { changed, cursors } = result.value as OutputResult;
      if (known !== undefined && wanted()) for (const name of changed) onOutput(name);
      // The first answer only says where everybody is.
      const isFirst = known === undefined;
      known = cursors;
      if (isFirst) continue;
    }
    await delay(periodMs, undefined, { signal, ref: false }).catch(() => {});
  }
}
