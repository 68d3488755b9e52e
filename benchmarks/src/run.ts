import { setTimeout as sleep } from 'node:timers/promises';
import type { Contender, Machine } from './contender.ts';
import { longGraceMs } from './session.ts';
import { type Case, type Figure, type Size, type Workload, withSession } from './workload.ts';

/** What a contender has reached in a case. */
export interface Entry {
  readonly contender: string;
  readonly role: Contender['role'];
  /** By the names of the figures, one for each round. */
  readonly samples: Readonly<Record<string, readonly number[]>>;
  /** Why there is nothing, or less than there should be. */
  readonly fault?: string;
}

export interface CaseResult {
  readonly workload: string;
  readonly case: string;
  readonly figures: readonly Figure[];
  readonly entries: readonly Entry[];
}

export interface RunOptions {
  readonly workloads: readonly Workload[];
  readonly contenders: readonly Contender[];
  readonly size: Size;
  readonly machine: Machine;
  /** Told of what is done, one line each. */
  log(line: string): void;
}

/** Runs everything, the contenders by turns: what disturbs the machine for a while disturbs all of them. */
export async function runAll({ workloads, contenders, size, machine, log }: RunOptions): Promise<CaseResult[]> {
  for (const contender of contenders) {
    // One that cannot shows it in its cases.
    await warmUp(contender, machine).catch((fault: Error) => log(`${contender.name}: ${fault.message}`));
  }
  const results: CaseResult[] = [];
  for (const workload of workloads) {
    for (const one of workload.cases(size)) {
      log(`${workload.title}, ${one.name}`);
      const entries = await runCase(one, contenders, machine, log);
      results.push({ workload: workload.name, case: one.name, figures: one.figures, entries });
    }
  }
  return results;
}

/** Once, unmeasured and to its proper end: what it keeps on disk for its next start is there then. */
async function warmUp(contender: Contender, machine: Machine): Promise<void> {
  const job = { mode: ['hold'], count: 1, restart: false, graceMs: longGraceMs } as const;
  await withSession(contender, job, machine, async (session) => {
    session.start();
    await session.stamps.until(1);
    await sleep(500);
    await session.stop();
    await session.untilGone();
  });
}

async function runCase(
  one: Case,
  contenders: readonly Contender[],
  machine: Machine,
  log: (line: string) => void,
): Promise<Entry[]> {
  const samples = new Map<string, Record<string, number[]>>();
  const faults = new Map<string, string>();
  for (let round = 0; round < one.rounds; round += 1) {
    // Each begins a round once.
    const shift = round % contenders.length;
    for (const contender of [...contenders.slice(shift), ...contenders.slice(0, shift)]) {
      const { name } = contender;
      if (faults.has(name)) continue;
      try {
        const sample = await one.measure(contender, machine);
        if (sample === undefined) continue;
        const all = samples.get(name) ?? {};
        for (const [figure, value] of Object.entries(sample)) all[figure] = [...(all[figure] ?? []), value];
        samples.set(name, all);
        log(
          `  ${name}: ${Object.entries(sample)
            .map(([figure, value]) => `${figure} ${value.toFixed(2)}`)
            .join(', ')}`,
        );
      } catch (error) {
        // The others go on.
        const fault = error instanceof Error ? error.message : String(error);
        faults.set(name, fault);
        log(`  ${name}: ${fault}`);
      }
    }
  }
  return contenders.flatMap(({ name, role }) => {
    const [found, fault] = [samples.get(name), faults.get(name)];
    if (found === undefined && fault === undefined) return [];
    return [{ contender: name, role, samples: found ?? {}, ...(fault !== undefined && { fault }) }];
  });
}
