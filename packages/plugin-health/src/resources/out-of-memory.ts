import type { Cause, Clock, Evidence, ProcessView } from '@promptbin/core';
import { megabytes } from './format.ts';
import { findKillCount, type KillCount, readKillCount } from './kill-count.ts';
import type { Reading } from './meter.ts';

/** A rise that an exit has been explained with explains others for so long, ms: one shortage may end several. */
const sharedMs = 1000;

/** Tells a kill by the kernel for want of memory from other ends, and never without the kernel's own count as evidence. */
export class OutOfMemory {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #root: string;
  /** As it was when the incarnation was spawned. */
  readonly #atSpawn = new Map<string, { readonly generation: number; readonly count: KillCount | undefined }>();
  /** What has been explained already, by file. */
  readonly #explained = new Map<string, { readonly at: number; readonly kills: number }>();

  /** @param root stands for `/` */
  constructor(clock: Pick<Clock, 'now'>, root: string = '/') {
    this.#clock = clock;
    this.#root = root;
  }

  /** To be told as soon as it is up. */
  spawned({ name, generation, pid }: Pick<ProcessView, 'name' | 'generation' | 'pid'>): void {
    if (pid !== undefined) this.#atSpawn.set(name, { generation, count: findKillCount(pid, this.#root) });
  }

  forget(name: string): void {
    this.#atSpawn.delete(name);
  }

  /** Why it has exited, when it was that. `last` is what was read of it last. */
  diagnose({ name, generation }: ProcessView, { exit }: Evidence, last: Reading | undefined): Cause | undefined {
    if (exit === undefined || exit.condemned) return undefined;
    // A shell that waited for the one who was killed exits with 128 + 9.
    if (exit.signal !== 'SIGKILL' && exit.code !== 137) return undefined;
    const spawned = this.#atSpawn.get(name);
    if (spawned?.generation !== generation || spawned.count === undefined) return undefined;
    const before = this.#baseline(spawned.count);
    const after = readKillCount(before, this.#root);
    if (after === undefined || after.kills <= before.kills) return undefined;
    const now = this.#clock.now();
    const since = this.#explained.get(after.file);
    if (since?.kills !== after.kills) this.#explained.set(after.file, { at: now, kills: after.kills });
    return {
      code: 'outOfMemory',
      message: 'killed by the kernel: out of memory',
      evidence: [
        describeRise(before, after),
        ...(last === undefined ? [] : [describeReading(last)]),
        ...exit.cause.evidence.slice(-6),
      ],
    };
  }

  /** A kill that explained another exit some time ago does not explain this one. */
  #baseline(count: KillCount): KillCount {
    const explained = this.#explained.get(count.file);
    if (explained === undefined || this.#clock.now() - explained.at <= sharedMs) return count;
    return { ...count, kills: Math.max(count.kills, explained.kills) };
  }
}

function describeRise(before: KillCount, after: KillCount): string {
  const where = after.scope === 'machine' ? ' on this machine' : '';
  const rise = `oom_kill in ${after.file} rose from ${before.kills} to ${after.kills}${where}`;
  if (after.groupKills <= before.groupKills) return rise;
  return `${rise}, oom_group_kill from ${before.groupKills} to ${after.groupKills}`;
}

function describeReading({ memoryBytes, processes }: Reading): string {
  return `last reading: memory ${megabytes(memoryBytes)}, ${processes} ${processes === 1 ? 'process' : 'processes'}`;
}
